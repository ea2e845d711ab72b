"""What a type checker must refuse: each line is one mistake."""

import armscost as ac

ac.compare(["bohdan"])
ac.compare(["bohdan"], to=2024)
ac.comparee(["bohdan"], to="EUR_2024")
ac.danish_model("bohdan", "1 EUR_2025", start="2025-05", month=3)
ac.data_version() + 1
ac.compare(["bohdan"], to="EUR_2024").tabel
