"""From curated text to Parquet: for those who add figures."""
