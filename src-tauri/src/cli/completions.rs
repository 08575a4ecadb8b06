//! `signalbox completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::failure::Failure;

/// Prints a script that completes signalbox's arguments in a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  signalbox completions bash > ~/.local/share/bash-completion/completions/signalbox
  signalbox completions zsh > ~/.zfunc/_signalbox
  signalbox completions fish > ~/.config/fish/completions/signalbox.fish")]
pub(super) struct Completions {
    /// The shell to write for.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::CommandLine::command(), "signalbox", &mut script);
        super::print(&script)
    }
}
