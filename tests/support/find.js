// Finds what a person would name: an element by its role and accessible name. Arguments: role, name.
const [role, wanted] = arguments;
const native = {
  button: 'button, summary, input[type=submit], input[type=button]',
  checkbox: 'input[type=checkbox]:not([role])',
  combobox: 'select:not([multiple])',
  dialog: 'dialog[open]',
  heading: 'h1, h2, h3, h4',
  link: 'a[href]',
  radio: 'input[type=radio]',
  textbox:
    'textarea, input:not([type]), input[type=text], input[type=password], input[type=url], input[type=email]',
  searchbox: 'input[type=search]',
  row: 'tr',
};
const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const labelled = (element) =>
  (element.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .map((id) => (id && document.getElementById(id)?.textContent) || '')
    .join(' ');
const name = (element) =>
  tidy(labelled(element)) ||
  tidy(element.getAttribute('aria-label')) ||
  tidy([...(element.labels ?? [])].map((label) => label.textContent).join(' ')) ||
  tidy(element.innerText) ||
  tidy(element.getAttribute('title')) ||
  tidy(element.getAttribute('placeholder'));
const all = [...document.querySelectorAll(`[role=${role}], ${native[role] ?? `[role=${role}]`}`)];
const shown = all.filter(
  (element) =>
    element.getClientRects().length > 0 &&
    !element.closest('[aria-hidden=true]') &&
    (!element.hasAttribute('role') || element.getAttribute('role') === role),
);
const lower = wanted.toLowerCase();
return (
  shown.find((element) => name(element).toLowerCase() === lower) ??
  shown.find((element) => name(element).toLowerCase().includes(lower)) ??
  null
);
