import { configure } from '@testing-library/svelte'
import { vi } from 'vitest'

// What is waited for comes late on a busy machine; what never comes is found as well.
const PATIENCE = 15_000

configure({ asyncUtilTimeout: PATIENCE })

const { waitFor } = vi
vi.waitFor = (ask, options) => waitFor(ask, options ?? PATIENCE)
