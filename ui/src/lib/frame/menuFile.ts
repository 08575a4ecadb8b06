export { default as Select } from '../components/Select.svelte'
export { default as MuteChoices } from './MuteChoices.svelte'
export { default as PastMenu } from './PastMenu.svelte'
export { default as ViewMenu } from './ViewMenu.svelte'
