import { configure } from '@testing-library/svelte'

// What is waited for comes late on a busy machine; what never comes is found as well.
configure({ asyncUtilTimeout: 15_000 })
