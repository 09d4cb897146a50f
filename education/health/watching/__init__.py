"""Whether the site is alive and well, told to whoever is not looking: signs of life, alarms, figures, a canary."""
