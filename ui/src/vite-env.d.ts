/// <reference types="svelte" />
/// <reference types="vite/client" />

/** Whether the pretended host is built in: true but for release builds. */
declare const __MOCK_BACKEND__: boolean
