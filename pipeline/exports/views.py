"""Questions that people ask of the tables, as SQL views; SQLite and DuckDB read the same words.

None adds figures up: one incident told by three reports is three rows, and a part stands beside its whole.
"""

VIEWS = {
    "claims_with_their_sentence": """
        SELECT claims.*, facts.context AS sentence, facts.page, reports.title, reports.published, reports.publisher, reports.url
        FROM claims JOIN facts ON facts.id = claims.fact_id JOIN reports ON reports.id = claims.report_id
    """,
    "facts_to_check": """
        SELECT id, report_id, type, text, context, confidence, rule
        FROM facts WHERE confidence < 0.8 ORDER BY confidence, id
    """,
    "articles_cited": """
        SELECT jurisdiction, instrument, article, COUNT(*) AS mentions, COUNT(DISTINCT report_id) AS reports
        FROM facts WHERE type = 'article' GROUP BY jurisdiction, instrument, article
        ORDER BY mentions DESC, jurisdiction, instrument, article
    """,
    "places_named": """
        SELECT country, kind, COALESCE(name, text) AS place, COUNT(*) AS mentions, COUNT(DISTINCT report_id) AS reports
        FROM facts WHERE type = 'location' GROUP BY country, kind, COALESCE(name, text)
        ORDER BY mentions DESC, country, place
    """,
    "incidents_by_country_and_year": """
        SELECT country, substr(CAST("first" AS VARCHAR), 1, 4) AS year, COUNT(*) AS incidents
        FROM incidents GROUP BY country, substr(CAST("first" AS VARCHAR), 1, 4) ORDER BY country, year
    """,
}
