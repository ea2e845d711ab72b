"""The coalition's 30,000 drones at EUR 1,800, against USD 500 in Ukraine: what scope explains.

Run it: python examples/drone_coalition.py
"""

import armscost as ac

TO = "EUR_2024"

# The two prices as the article puts them side by side, in one money. Nominal is not enough:
# dollars are not euros.
coalition = ac.rebase("1800 EUR_2025", TO)
ukraine = ac.rebase("500 USD_2025", TO)
print(f"Coalition {coalition:,.0f}, Ukraine {ukraine:,.0f}: {float(coalition / ukraine):.1f} times")

# The same, from every published figure, by what the price contains.
result = ac.compare(["fpv-drone-ukraine", "fpv-drone-coalition"], to=TO)
print("\nEvery published price, by scope:")
for row in result.table.itertuples():
    span = f"{row.low:6,.0f} to {row.high:6,.0f}, median {row.median:6,.0f}"
    print(f"  {row.system_id:20} {row.scope:16} {row.cost_basis:15} {span} ({row.n_facts} facts)")

# Contract prices only: what a paper says a drone costs is another kind of figure.
signed = result.table[result.table["cost_basis"] == "contract_price"]
median = signed.set_index(["system_id", "scope"])["median"]
bare = median["fpv-drone-ukraine", "item_only"]
armed = median["fpv-drone-ukraine", "with_ammunition"]
package = median["fpv-drone-coalition", "with_support"]

print("\nFrom the contract for the bare Ukrainian drone to those for the coalition's package:")
print(f"  whole gap             {package / bare:5.2f} times")
print(f"  with ammunition       {armed / bare:5.2f} times: scope alone, within Ukraine")
print(f"  what is left          {package / armed:5.2f} times: support, other makers, wages, tax")
share = (armed - bare) / (package - bare)
print(f"  scope explains at least {share:.0%} of the difference in money")

# One contract stands behind two of these: an illustration, no estimate. armscost itself gives no
# ratio here, and says why.
for note in result.table["ratio_note"].dropna().unique():
    print(f"  no ratio from compare(): {note}")
