"""How large the first response of a page may be, headers included."""

MAX_BYTES = 14_000  # fits into the ten packets that a server sends before it waits for the browser to confirm
MAX_EXEMPT_BYTES = 17_000
MAX_STYLES = 8 * 1024  # of the styles that one page shows on a screen, compressed
# Pages that may be larger, and why. Any other page must become smaller, or be listed here with its reason.
EXEMPT = {
    "/low-dose-naltrexone/side-effects/": "every warning in one place: whom it may harm, and what it must not meet",
    "/low-dose-naltrexone/what-the-research-shows/": "every study there is, each with what it found and its reference",
}
