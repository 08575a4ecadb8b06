import { onMount } from 'svelte'

/** The theme of the page, which a canvas draws by. To be made while a component is. */
export class Theme {
  now = $state(document.documentElement.dataset.theme)

  constructor() {
    onMount(() => {
      const changes = new MutationObserver(
        () => (this.now = document.documentElement.dataset.theme),
      )
      changes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
      return () => changes.disconnect()
    })
  }
}
