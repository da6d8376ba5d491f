"""Which of a report's dates, places and people a count or a penalty is about."""
