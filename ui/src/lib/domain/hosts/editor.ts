import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { sql, SQLite } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { Schema } from './schema'

const highlight = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '500' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
])

const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px' },
  '.cm-content': { padding: '10px 12px', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-placeholder': { color: 'var(--ink-faint)' },
  '.cm-matchingBracket': {
    backgroundColor: 'var(--accent-wash)',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    backgroundColor: 'var(--surface-raised)',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--surface-active)',
    color: 'var(--ink)',
  },
})

export interface Editor {
  text(): string
  setText(text: string): void
  /** Takes other tables and columns to complete. */
  setSchema(schema: Schema): void
  focus(): void
  destroy(): void
}

/** Makes the SQL editor in an element. Ctrl or ⌘ and Enter runs what is written. */
export function makeEditor(
  parent: HTMLElement,
  start: string,
  schema: Schema,
  on: { run(): void; change(text: string): void },
): Editor {
  const language = new Compartment()
  const run = () => {
    on.run()
    return true
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: start,
      extensions: [
        Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
        history(),
        bracketMatching(),
        autocompletion({ icons: false }),
        language.of(languageOf(schema)),
        syntaxHighlighting(highlight),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
        placeholder('SELECT hostname, version FROM os_version'),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': 'SQL', 'data-testid': 'sql-editor' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) on.change(update.state.doc.toString())
        }),
        theme,
        EditorView.cspNonce.of(styleNonce()),
      ],
    }),
  })
  return {
    text: () => view.state.doc.toString(),
    setText: (text) => {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
    },
    setSchema: (next) => view.dispatch({ effects: language.reconfigure(languageOf(next)) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}

function languageOf(schema: Schema) {
  const tables = Object.fromEntries(Object.entries(schema).map(([name, all]) => [name, [...all]]))
  return sql({ dialect: SQLite, schema: tables, upperCaseKeywords: true })
}

/** The nonce that the host put on the page's own style element: the editor's styles need it under a strict policy. */
function styleNonce(): string {
  return document.querySelector<HTMLStyleElement>('style[nonce]')?.nonce ?? ''
}
