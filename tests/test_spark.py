"""The same function on a real Spark session, equal to pandas to 1e-12 on every status."""

from __future__ import annotations

import numpy as np
import pytest
from test_frames import EXPECTED, ROWS, arrow

from armscost.errors import NoRateError
from armscost.frames import rebase_frame

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def session():
    # Here and not above: without Java and pyspark the other tests still collect this file.
    from pyspark.sql import SparkSession

    built = (
        SparkSession.builder.master("local[2]")
        .appName("armscost")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield built
    built.stop()


@pytest.mark.parametrize(
    "choice",
    [
        {},
        {"order": "exchange_then_deflate"},
        {"date": "day"},
        {"rate": "ppp", "to_area": "DEU"},
        {"explain": True},
    ],
)
def test_spark_agrees_with_pandas(session, choice):
    table = arrow()
    there = rebase_frame(session.createDataFrame(table), "EUR_2023", **choice)
    assert type(there).__module__.startswith("pyspark.sql")
    spark = there.toArrow().to_pandas().sort_values("row").reset_index(drop=True)
    near = rebase_frame(table.to_pandas(date_as_object=False), "EUR_2023", missing="keep", **choice)
    assert spark["row"].tolist() == list(range(len(ROWS)))
    assert spark["rebase_status"].tolist() == near["rebase_status"].astype(str).tolist()
    for column in ("amount_rebased", "rebase_factor", "rebase_rate"):
        if column in near:
            np.testing.assert_allclose(
                spark[column].to_numpy(float), near[column].to_numpy(float), rtol=1e-12
            )
    for column in ("rebase_rate_basis", "rebase_index"):
        if column in near:
            assert spark[column].fillna("").tolist() == near[column].fillna("").tolist()
    if not choice:
        assert spark["rebase_status"].tolist() == EXPECTED


def test_a_spark_frame_can_raise(session):
    with pytest.raises(NoRateError, match="8 of 14 rows cannot be rebased"):
        rebase_frame(session.createDataFrame(arrow()), "EUR_2023", missing="raise")


def test_rates_are_broadcast(session):
    rebased = rebase_frame(session.createDataFrame(arrow()), "EUR_2023")
    assert "BroadcastHashJoin" in rebased._jdf.queryExecution().toString()
