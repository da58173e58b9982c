// Draw every chart into the element that bears its name.
const charts = JSON.parse(document.getElementById("charts").textContent);
for (const [name, chart] of Object.entries(charts)) {
  const place = document.getElementById(name);
  vegaEmbed(place, chart, {
    actions: false,
    defaultStyle: false,
    renderer: "svg",
    tooltip: { disableDefaultStyle: true },
  }).then(
    () => place.setAttribute("data-drawn", "yes"),
    (error) => {
      place.textContent = "This chart could not be drawn.";
      console.error(name, error);
    },
  );
}
