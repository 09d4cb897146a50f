"""How heavy the first answer of a page may be, headers included."""

MOST = 14_000  # bytes: the ten packets that a server sends before it must hear from the browser
# Heavier, and why. A page that is not named here must become lighter, or say its reason.
NAMED = {
    "/low-dose-naltrexone/side-effects/": "every warning in one place: whom it may harm, and what it must not meet",
    "/low-dose-naltrexone/what-the-research-shows/": "every study there is, each with what it found and its reference",
    "/low-dose-naltrexone/ldn-for-autoimmune-diseases-and-fibromyalgia/": "the whole question on one page, to print",
}
