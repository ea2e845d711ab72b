"""What do four howitzers cost, in one currency and one price year, and how sure are we?

Run it: python examples/first_comparison.py
"""

import armscost as ac

GUNS = ["bohdan", "caesar", "zuzana-2", "pzh-2000"]

result = ac.compare(GUNS, to="EUR_2024")
print(result.title)
for row in result.table.itertuples():
    ratio = f"{row.ratio:.2f} times {GUNS[0]}" if row.ratio == row.ratio else row.ratio_note
    span = f"{row.low / 1e6:5.1f} to {row.high / 1e6:5.1f}"
    facts = f"{row.n_facts} fact(s), {row.n_origins} origin(s)"
    print(
        f"  {row.system_id:9} {row.cost_basis:15} {row.scope:15} {span} million; {facts}; {ratio}"
    )

# No number without its way back to what was printed, and nothing dropped without a reason.
print()
print("\n".join(str(result.explain("zuzana-2")).splitlines()[:12]))
print()
print(f"{len(result.left_out)} figures were not used:")
print(result.left_out["reason"].value_counts().to_string())
print()
print(ac.cite(result.sources[:2]))
