with
answers as (
    select * from {{ ref('int_person_answers') }}
),

topics as (
    select * from {{ ref('int_person_topics') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

answered as (
    select
        person_key,
        count(distinct question_id) as answered_question_count,
        max(answered_at)::date as last_answered_on,
        -- Rounded, because sums of doubles depend on the order of the threads.
        round(avg(answer_score), 9) as mean_answer_score,
        round(stddev_pop(answer_score), 9) as answer_score_deviation
    from answers
    group by person_key
),

interested as (
    select
        person_key,
        sum(event_count)::bigint as topic_event_count,
        count(*) as topic_count,
        {{ most_of('topic', 'event_count') }} as top_topic,
        max(event_count)::double / sum(event_count) as top_topic_share,
        {{ entropy_of('event_count') }} as topic_entropy
    from topics
    group by person_key
),

ftr_person_psychographics as (
    select
        coalesce(answered.person_key, interested.person_key) as person_key,
        clock.as_of_date,
        coalesce(answered.answered_question_count, 0) as answered_question_count,
        date_diff('day', answered.last_answered_on, clock.as_of_date)
            as answer_recency_days,
        answered.mean_answer_score,
        answered.answer_score_deviation,
        coalesce(interested.topic_event_count, 0) as topic_event_count,
        coalesce(interested.topic_count, 0) as topic_count,
        interested.top_topic,
        interested.top_topic_share,
        interested.topic_entropy
    from answered
    full outer join interested
        on answered.person_key = interested.person_key
    cross join clock
)

select * from ftr_person_psychographics
