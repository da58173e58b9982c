// Draw every chart into the element that bears its name, and answer the form.
function drawCharts(data) {
  const failed = document.getElementById("chart-failed").textContent;
  for (const [name, chart] of Object.entries(data.charts)) {
    const place = document.getElementById(name);
    vegaEmbed(place, chart, {
      actions: false,
      defaultStyle: false,
      formatLocale: data.numbers,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true },
    }).then(
      () => place.setAttribute("data-drawn", "yes"),
      (error) => {
        place.textContent = failed;
        console.error(name, error);
      },
    );
  }
}

// Scores follow from the edges as in the warehouse: a value on an edge belongs below it,
// and the most recent buyer has the highest recency score.
function scoreOf(name, value, edges) {
  const below = edges.filter((edge) => edge < value).length;
  return name === "recency_score" ? edges.length + 1 - below : 1 + below;
}

function answerForm(form, data) {
  const answer = form.querySelector(".answer");
  const tell = () => {
    const scores = Object.keys(data.edges).map((name) => {
      const value = Number(form.elements[name].value);
      return [name, scoreOf(name, value, data.edges[name])];
    });
    const key = data.cells[scores.map(([, score]) => score).join("-")];
    const segment = data.segments[key];
    answer.replaceChildren();
    if (!segment) return;
    const line = document.createElement("p");
    const link = document.createElement("a");
    link.href = segment.link || "#rules";
    link.textContent = segment.name;
    line.append(`${data.answer} `, link, `, ${data.because}`);
    const list = document.createElement("ul");
    for (const [name, score] of scores) {
      const item = document.createElement("li");
      item.textContent = `${data.scores[name]} ${score}: ${data.ranges[name][score - 1]}`;
      list.append(item);
    }
    answer.append(line, list);
  };
  form.addEventListener("input", tell);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  tell();
}

const charts = document.getElementById("charts");
if (charts) drawCharts(JSON.parse(charts.textContent));
for (const form of document.querySelectorAll(".lookup")) {
  const data = form.parentElement.querySelector(".lookup-data");
  answerForm(form, JSON.parse(data.textContent));
}
