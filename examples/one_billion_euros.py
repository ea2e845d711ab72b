"""What one billion euros brings in two years, channel by channel, and what limits it.

Run it: python examples/one_billion_euros.py
"""

import armscost as ac

answer = ac.danish_model(
    "bohdan",
    budget="1 billion EUR_2025",
    start="2025-05",
    months=24,
    seed=1,
    alternatives={
        "western_purchase": "caesar",
        "donation_from_stock": "pzh-2000",
        "co_production": "bohdan",
    },
)
print(answer.title)
for row in answer.summary.itertuples():
    units = f"{row.units_p50:.0f} ({row.units_p10:.0f} to {row.units_p90:.0f})"
    price = f"at {row.unit_price / 1e6:.1f} million each ({row.price_scope})"
    unspent = f"{row.money_unspent / 1e6:.0f} million unspent"
    print(f"  {row.channel:20} {row.system_id:9} {units:17} {price}; {unspent}; limit: {row.limit}")

first = answer.schedule[answer.schedule["channel"] == "danish_model"]
print("\nThe limit of the Danish model, month by month:")
for limit, months in first.groupby("limit", sort=False):
    print(
        f"  {limit}: {months['month'].iloc[0]} to {months['month'].iloc[-1]}, {len(months)} months"
    )
print(f"Capacity binds in half of the months or more from {answer.switch_budget:,.0f} on.")

print("\nWhat is assumed and not published:")
assumed = [line for line in answer.assumptions if "ASSUMED" in line]
for line in assumed:
    print(f"  {line.split('; ASSUMED')[0]}")
print(f"Sources: {len(answer.sources)}; print(ac.cite(answer.sources)) lists them.")
