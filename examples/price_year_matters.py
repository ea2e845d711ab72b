"""A price of 2012 in dollars, in euros of 2023: order, index and rate decide, so name them.

Run it: python examples/price_year_matters.py
"""

import armscost as ac

price = ac.quantity("4 million USD_2012")
print(f"{price:,.0f} in EUR_2023:\n")

for order in ("deflate_then_exchange", "exchange_then_deflate"):
    for index in ("consumer", "gdp_deflator"):
        found, factor = ac.rebase(price, "EUR_2023", order=order, index=index, explain=True)
        print(f"  {found.magnitude:12,.0f}  {order}, {index}")
        for step in factor.steps:
            print(f"                  × {step.value:.4f}  {step.line}")

rate = ac.exchange_rate("USD", "EUR", on="2023-07-03")
print(f"\nAt the rate of a day, without prices: {price.magnitude * rate.value:,.0f} ({rate})")

print("\nWhat is refused:")
for what, ask in {
    "adding two price years": lambda: price + ac.quantity("1 million USD_2023"),
    "a currency without a year": lambda: ac.quantity("4 million USD"),
    "a year beyond the index": lambda: ac.rebase(price, "EUR_2029"),
}.items():
    try:
        ask()
    except (TypeError, ac.ArmscostError) as error:
        print(f"  {what}: {error}")
