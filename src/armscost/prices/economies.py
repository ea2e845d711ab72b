"""Which economy a currency belongs to, and which index stands for an economy.

These maps are data: an analyst who disagrees names another area or index.
"""

from __future__ import annotations

from collections.abc import Iterable

from armscost.errors import chosen
from armscost.units import CURRENCIES

# The economy whose prices a currency follows; EA is the euro area.
ECONOMY_OF = {
    "AUD": "AUS", "BGN": "BGR", "BRL": "BRA", "CAD": "CAN", "CHF": "CHE", "CNY": "CHN",
    "CZK": "CZE", "DKK": "DNK", "EEK": "EST", "EUR": "EA", "GBP": "GBR", "HKD": "HKG",
    "HRK": "HRV", "HUF": "HUN", "IDR": "IDN", "ILS": "ISR", "INR": "IND", "ISK": "ISL",
    "JPY": "JPN", "KRW": "KOR", "LTL": "LTU", "LVL": "LVA", "MDL": "MDA", "MXN": "MEX",
    "MYR": "MYS", "NOK": "NOR", "NZD": "NZL", "PHP": "PHL", "PLN": "POL", "RON": "ROU",
    "RUB": "RUS", "SEK": "SWE", "SGD": "SGP", "THB": "THA", "TRY": "TUR", "UAH": "UKR",
    "USD": "USA", "ZAR": "ZAF",
}  # fmt: skip

# Where prices are in euros, beside the euro area as a whole.
EURO_AREA = frozenset(
    "AUT BEL CYP DEU ESP EST FIN FRA GRC HRV IRL ITA LTU LUX LVA MLT NLD PRT SVK SVN".split()
)

# Two names of one area are one area.
SAME_AREA = {"EMU": "EA", "EUU": "EU"}

# Currencies that became the euro: the World Bank states the parities of their economies in
# euros for every year (Bulgaria's were still in leva in the vintage of the table).
PARITY_IN_EURO = {"EEK", "LVL", "LTL", "HRK"}

# index="consumer": one series an economy, never two spliced; elsewhere the national CPI.
CONSUMER_INDEX = {"EA": "hicp", "EU": "hicp", "EEA": "hicp", "USA": "cpi_u"}
CONSUMER_ELSEWHERE = "cpi"
# index="defence": the deflator of what the military buys, where one is published.
DEFENCE_INDEX = {"USA": "omb_outlay_deflator_total_defense_fy"}

PARITIES = {"ppp": "gdp_ppp", "ppp_imf": "gdp_ppp_imf"}


def economy_of(currency: str) -> str:
    """The economy that a currency belongs to, for example ``EA`` for the euro.

    Raises:
        UnknownNameError: For an unknown currency.

    Example:
        >>> economy_of("UAH")
        'UKR'
    """
    return ECONOMY_OF[chosen("currency", currency, CURRENCIES, where="armscost.units.CURRENCIES")]


def pays_in(area: str, currency: str) -> bool:
    """Whether prices in an area are in a currency, today or before the euro.

    Example:
        >>> pays_in("FRA", "EUR"), pays_in("UKR", "EUR")
        (True, False)
    """
    return ECONOMY_OF.get(currency) == area or (currency == "EUR" and area in EURO_AREA)


def index_names(area: str, index: str, known: Iterable[str]) -> str | None:
    """The series that an index choice means in an area.

    Args:
        area: The economy.
        index: ``"consumer"``, ``"defence"`` or the name of a series.
        known: Every name of a series there is.

    Returns:
        The name of the series; None where the choice names no series for this area.

    Raises:
        UnknownNameError: For a choice that is neither.

    Example:
        >>> index_names("USA", "consumer", [])
        'cpi_u'
    """
    if index == "consumer":
        return CONSUMER_INDEX.get(area, CONSUMER_ELSEWHERE)
    if index == "defence":
        return DEFENCE_INDEX.get(area)
    return chosen("price index", index, {"consumer", "defence", *known})
