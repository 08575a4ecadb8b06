/**
 * With `?still` in the address the gallery's clock stands still, so that a picture of it is the same at every run. Has to
 * be evaluated before anything that reads the clock.
 */
const MOMENT = Date.UTC(2026, 10, 21, 12, 0, 0)

if (new URLSearchParams(location.search).has('still')) Date.now = () => MOMENT
