"""Deflate, exchange and compare purchasing power, in a named order."""

from armscost.prices.book import PriceBook as PriceBook
from armscost.prices.book import default_book as default_book
from armscost.prices.exchange import Rate as Rate
from armscost.prices.factors import Factor as Factor
from armscost.prices.factors import Method as Method
from armscost.prices.factors import factor as factor
from armscost.prices.factors import summary as summary
from armscost.prices.formulas import chain_annual_rates as chain_annual_rates
from armscost.prices.formulas import constant_prices as constant_prices
from armscost.prices.formulas import mixed_orders as mixed_orders
from armscost.prices.formulas import outlay_weighted_index as outlay_weighted_index
from armscost.prices.formulas import price_level as price_level
from armscost.prices.rebasing import exchange_rate as exchange_rate
from armscost.prices.rebasing import rebase as rebase
