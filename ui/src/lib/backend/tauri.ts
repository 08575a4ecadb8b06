import { invoke } from '@tauri-apps/api/core'
import { BackendError, type Backend } from './backend'

/** The real door: each command is one of the shell's. */
export const tauriBackend: Backend = {
  async call(command, args) {
    try {
      return await invoke(command, { ...args })
    } catch (thrown) {
      throw BackendError.from(thrown)
    }
  },
}
