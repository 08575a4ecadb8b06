// After the first frame with the text: what waits for no time comes once that frame is painted.
requestAnimationFrame(() => setTimeout(() => performance.mark('painted'), 0))
