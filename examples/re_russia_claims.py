"""Recompute every ratio that the Re: Russia article of April 2025 states, from the tables.

Run it: python examples/re_russia_claims.py
"""

import armscost as ac

ARTICLE = "re-russia-2025-04"

checked = ac.check_claims(to="EUR_2024")
stated = checked.summary[checked.summary["source_id"] == ARTICLE]
print(ac.cite([ARTICLE]))
print(f"{len(stated)} stated ratios:\n")

for claim in stated.itertuples():
    if claim.allowed_low == claim.allowed_low:
        said = f"allows {claim.allowed_low:.3g} to {claim.allowed_high:.3g}"
    else:
        said = "names no number"
    print(f"{claim.statement} ({claim.subject_id} / {claim.object_id}, {claim.relation})")
    print(f"  {said}: {claim.verdict}{'; ' + claim.reason if claim.reason else ''}")
    # Alike: figures of one kind, which a verdict may rest on. The others are readings only, and
    # of those the ones against the article's own price of the other system.
    tests = checked.table[checked.table["claim_id"] == claim.claim_id].dropna(subset="low")
    for row in tests.drop_duplicates(["reference", "subject_kind", "low", "high"]).itertuples():
        if row.alike:
            print(f"    {row.low:6.2f} to {row.high:6.2f}  {row.subject_kind}: {row.verdict}")
        elif row.reference in ("", "the source's own price"):
            print(
                f"    {row.low:6.2f} to {row.high:6.2f}  {row.subject_kind}, unlike: {row.reading}"
            )
    print()

print("Verdicts:", stated["verdict"].value_counts().to_dict())
