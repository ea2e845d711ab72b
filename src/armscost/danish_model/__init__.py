"""Money into deliveries, channel by channel; and how wrong such forecasts have been."""
