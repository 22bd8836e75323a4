"""The name of a calendar in, its public holidays out."""

from functools import cache


@cache
def holidays_of(name: str, years: tuple[int, int]) -> tuple[int, ...]:
    """The public holidays as proleptic ordinals, in order. `name`: ISO 3166 country, with a subdivision ("FR-57")."""
    from holidays import country_holidays

    country, _, subdivision = name.partition("-")
    found = country_holidays(country, subdiv=subdivision or None, years=range(years[0], years[1] + 1))
    return tuple(sorted(day.toordinal() for day in found))
