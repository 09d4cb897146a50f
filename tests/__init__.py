"""The tests. They mirror education/ and clinic_site/; journeys, browser, faults and bench stand beside."""
