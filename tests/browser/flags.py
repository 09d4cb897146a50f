"""How Chromium is started: alone, and asking nobody anything."""

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
# In tests a page lives for a second or two: too short for its code to be compiled again so that it runs faster, and for
# its garbage to be collected. And nothing but words and drawings is put together, for which another process would have
# to be told of each frame.
SHORT_LIVED = (
    "--js-flags=--no-opt --no-maglev --min-semi-space-size=32 --max-semi-space-size=64",
    *("--in-process-gpu", "--disable-software-rasterizer", "--num-raster-threads=1"),
)
