//! Start at login of macOS (a launch agent) and Windows (the registry), as the crate `auto-launch` reaches them.

use auto_launch::{AutoLaunch, AutoLaunchBuilder, MacOSLaunchMode, WindowsEnableMode};

/// What the system starts.
#[derive(Debug)]
pub(super) struct Entry(AutoLaunch);

impl Entry {
    pub(super) fn new(name: &str, program: &str, arguments: &[String]) -> Result<Self, String> {
        // Windows keeps one line, in which what has spaces is quoted; a launch agent keeps the words.
        let word = |word: &str| match cfg!(windows) && word.contains(' ') {
            true => format!("\"{word}\""),
            false => word.to_owned(),
        };
        let arguments: Vec<String> = arguments.iter().map(|argument| word(argument)).collect();
        let built = AutoLaunchBuilder::new()
            .set_app_name(name)
            .set_app_path(&word(program))
            .set_args(&arguments)
            .set_macos_launch_mode(MacOSLaunchMode::LaunchAgent)
            .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
            .build();
        built.map(Entry).map_err(|error| format!("Signalbox cannot be started at login: {error}."))
    }

    pub(super) fn is_on(&self) -> Result<bool, String> {
        self.0.is_enabled().map_err(|error| format!("The system does not say what it starts at login: {error}."))
    }

    pub(super) fn enable(&self) -> Result<(), String> {
        self.0.enable().map_err(|error| format!("Signalbox could not be added to what is started at login: {error}."))
    }

    pub(super) fn disable(&self) -> Result<(), String> {
        self.0
            .disable()
            .map_err(|error| format!("Signalbox could not be taken from what is started at login: {error}."))
    }
}
