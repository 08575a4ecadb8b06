//! Signalbox in its real window, and what a person can see and do there.

use super::process::Process;
use super::webdriver::{Element, Session};
use super::{Demo, Desktop, PATIENCE, desktop, until};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// How often a driver is started on other ports when somebody took them.
const TRIES: usize = 4;

/// A window that is open on a desktop. Dropping it closes it.
pub struct Window<'a> {
    desktop: &'a Desktop,
    session: Session,
    driver: Process,
}

impl<'a> Window<'a> {
    /// Starts Signalbox with these arguments and environment, and waits for its window.
    pub fn open(desktop: &'a Desktop, args: &[&str], environment: &[(&str, &str)]) -> Self {
        Self::open_program(desktop, env!("CARGO_BIN_EXE_signalbox"), args, environment)
    }

    /// Opens the window with a configuration of one connection, and waits until that is live.
    pub fn watching(desktop: &'a Desktop, demo: &Demo, configuration: &str) -> Self {
        std::fs::write(desktop.configuration(), configuration).expect("a home can be written");
        Self::watching_again(desktop, demo)
    }

    /// The same with the configuration that is there.
    pub fn watching_again(desktop: &'a Desktop, demo: &Demo) -> Self {
        let path = desktop.configuration();
        let window = Self::open(desktop, &["--config", path.to_str().expect("a path in UTF-8")], &demo.tokens());
        window.wait("a live connection", |window| (window.live_connections() == 1).then_some(()));
        window
    }

    /// The same for another program that shows a WebKitGTK page and lets itself be steered.
    pub fn open_program(desktop: &'a Desktop, program: &str, args: &[&str], environment: &[(&str, &str)]) -> Self {
        let drive = || Self::drive(desktop, program, args, environment);
        let (driver, session) =
            (1..TRIES).map(|_| drive()).find(|(driver, _)| !has_no_port(driver)).unwrap_or_else(drive);
        let session = session.unwrap_or_else(|error| {
            desktop.picture("failed");
            panic!("no window opened: {error}\nlog: {}\n{}", driver.log.display(), driver.printed())
        });
        Self { desktop, session, driver }
    }

    /// Starts the driver on ports that are free, and a session of it.
    fn drive(
        desktop: &Desktop,
        program: &str,
        args: &[&str],
        environment: &[(&str, &str)],
    ) -> (Process, Result<Session, String>) {
        let [port, native_port] = free_ports();
        let mut command = desktop.command(driver());
        command.args(["--port", &port.to_string(), "--native-port", &native_port.to_string()]);
        command.envs(environment.iter().copied());
        // Opened twice in one test, the first window's log stays.
        let name = (1..).map(|turn| format!("signalbox-{turn}"));
        let name = name.into_iter().find(|name| !desktop.folder().join(format!("{name}.log")).exists());
        let mut driver = Process::start(&name.expect("numbers do not end"), desktop.folder(), &command);
        let session = until(PATIENCE, || {
            // tauri-driver listens before the driver behind it does, and answers a session by then with an error.
            let listens = |port| std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
            let ready = listens(port) && listens(native_port);
            if has_no_port(&driver) {
                return Some(Err("somebody took a port of tauri-driver's".into()));
            }
            (ready || driver.has_ended()).then(|| Session::new(port, program, args))
        });
        (driver, session.unwrap_or_else(|| Err("tauri-driver never listened".into())))
    }

    /// The process id of the program that was opened.
    pub fn process(&self, program: &Path) -> u32 {
        self.driver.below(program).unwrap_or_else(|| self.fail(&format!("{} does not run", program.display())))
    }

    /// Ends Signalbox as a power cut does.
    pub fn kill(self) {
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_signalbox"));
        let id = self.driver.below(program).unwrap_or_else(|| self.fail("Signalbox does not run"));
        let killed = std::process::Command::new("kill").args(["-KILL", &id.to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()), "process {id} would not be killed");
        let ended = until(PATIENCE, || self.driver.below(program).is_none().then_some(()));
        assert!(ended.is_some(), "process {id} goes on");
    }

    /// The process of the page, while there is one.
    pub fn page_process(&self) -> Option<u32> {
        self.driver.below_where(|program| program.ends_with("WebKitWebProcess"))
    }

    /// Whether Signalbox runs.
    pub fn runs(&self) -> bool {
        self.driver.below(std::path::Path::new(env!("CARGO_BIN_EXE_signalbox"))).is_some()
    }

    /// Turns to the window that was built anew, once its page is there.
    pub fn turn_to_new(&self) {
        self.wait("the new window", |window| {
            let painted = "return !!document.querySelector('main')";
            window.session.turn_to_window().ok()?;
            window.session.run(painted, &[]).is_ok_and(|painted| painted == true).then_some(())
        });
    }

    /// Shows another place of the window, by its address.
    pub fn go(&self, address: &str) {
        self.run("location.hash = arguments[0]", &[json!(address)]);
    }

    /// Shows another page, by its whole address.
    pub fn visit(&self, address: &str) {
        self.done("show a page", self.session.visit(address));
    }

    /// Clicks the element with this `data-testid`, also when the page redraws it meanwhile.
    pub fn click_test_id(&self, id: &str) {
        let selector = format!("[data-testid='{id}']");
        let mut last = "it is not there".to_owned();
        let clicked = until(PATIENCE, || {
            self.session.click(&self.find_css(&selector)?).inspect_err(|error| last.clone_from(error)).ok()
        });
        clicked.unwrap_or_else(|| self.fail(&format!("could not click `{selector}`: {last}")));
    }

    /// Waits for something of the page; when it does not come, the test fails with a picture and the page's text.
    pub fn wait<T>(&self, what: &str, mut ask: impl FnMut(&Self) -> Option<T>) -> T {
        until(PATIENCE, || ask(self)).unwrap_or_else(|| self.fail(&format!("waited {PATIENCE:?} in vain for {what}")))
    }

    /// The element with this role and accessible name, once it is on the screen.
    pub fn role(&self, role: &str, name: &str) -> Element {
        self.wait(&format!("the {role} “{name}”"), |window| window.find_role(role, name))
    }

    /// The same, if it is there now.
    pub fn find_role(&self, role: &str, name: &str) -> Option<Element> {
        self.found(include_str!("find.js"), &[json!(role), json!(name)])
    }

    /// The first visible element that a CSS selector names, once it is there.
    pub fn css(&self, selector: &str) -> Element {
        self.wait(&format!("`{selector}`"), |window| window.find_css(selector))
    }

    /// The same, if it is there now.
    pub fn find_css(&self, selector: &str) -> Option<Element> {
        let visible =
            "return [...document.querySelectorAll(arguments[0])].find(e => e.getClientRects().length) ?? null";
        self.found(visible, &[json!(selector)])
    }

    /// The element that the body of a function in the page returns, if it is one.
    pub fn find_script(&self, body: &str, args: &[Value]) -> Option<Element> {
        self.found(body, args)
    }

    /// The element with this `data-testid`, once it is there.
    pub fn test_id(&self, id: &str) -> Element {
        self.css(&format!("[data-testid='{id}']"))
    }

    /// Clicks an element; one that the page redrew in between is looked for again by the caller's `role`.
    pub fn click(&self, element: &Element) {
        self.done("click", self.session.click(element));
    }

    /// Clicks the element that the body of a function in the page returns; tells whether there was one.
    pub fn click_script(&self, body: &str) -> bool {
        until(PATIENCE, || match self.found(body, &[]) {
            Some(element) => self.session.click(&element).ok().map(|()| true),
            None => Some(false),
        })
        .unwrap_or(false)
    }

    /// Clicks what has this role and name, also when the page redraws it meanwhile.
    pub fn click_role(&self, role: &str, name: &str) {
        self.wait(&format!("the {role} “{name}” to be clicked"), |window| {
            let element = window.find_role(role, name)?;
            window.session.click(&element).ok()
        });
    }

    /// Replaces what a field holds, key by key.
    pub fn fill(&self, field: &Element, text: &str) {
        self.done("clear a field", self.session.clear(field));
        self.done("type", self.session.type_into(field, text));
    }

    /// Types into an element that has no value to clear, such as an editor.
    pub fn type_into(&self, element: &Element, text: &str) {
        self.done("type", self.session.type_into(element, text));
    }

    /// Ends the program by its key, as a person would.
    pub fn quit(&self) {
        let window = self.x_window();
        self.desktop.output("xdotool", &["windowactivate", "--sync", &window, "key", "--clearmodifiers", "ctrl+q"]);
        self.wait("it to quit", |window| (!window.runs()).then_some(()));
    }

    /// Presses keys together, modifiers first (WebDriver's code points, `\u{e009}` is Control).
    pub fn press(&self, keys: &[char]) {
        self.done("press keys", self.session.press(keys));
    }

    /// An element's text as it is painted.
    pub fn text(&self, element: &Element) -> String {
        // WebDriver's own command leaves out what a scrolled box hides.
        self.run("return arguments[0].innerText", &[element.into()]).as_str().unwrap_or_default().to_owned()
    }

    /// All text on the page as it is painted.
    pub fn page_text(&self) -> String {
        self.run("return document.body.innerText", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a text is on the page, wherever.
    pub fn wait_for_text(&self, text: &str) {
        self.wait(&format!("the text “{text}”"), |window| window.page_text().contains(text).then_some(()));
    }

    /// How many connections the status bar shows as live.
    pub fn live_connections(&self) -> u64 {
        let script = "return Number(document.querySelector(\"[data-testid='statusbar']\")?.dataset.live ?? 0)";
        self.run(script, &[]).as_u64().unwrap_or(0)
    }

    /// How many alerts are in a state, as the list of alerts says that is on the screen.
    pub fn alerts_in(&self, state: &str) -> usize {
        let chip = self.text(&self.test_id(&format!("state-{state}")));
        // Behind its number may stand how many of them are muted.
        let number = chip.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let number = number.split(|letter: char| !letter.is_ascii_digit() && letter != '\u{202f}').next();
        number.unwrap_or_default().replace('\u{202f}', "").parse().unwrap_or(0)
    }

    /// Takes the window off the screen.
    pub fn minimize(&self) {
        self.desktop.output("xdotool", &["windowminimize", "--sync", &self.x_window()]);
    }

    /// Whether the window is on the screen.
    pub fn is_on_the_screen(&self) -> bool {
        let search = ["search", "--onlyvisible", "--name", "Signalbox"];
        self.desktop.command("xdotool").args(search).output().is_ok_and(|found| !found.stdout.is_empty())
    }

    /// Runs the body of a function in the page.
    pub fn run(&self, body: &str, args: &[Value]) -> Value {
        self.done("run a script", self.session.run(body, args))
    }

    /// Runs the body of a function in the page whose last argument is to be called with what is returned.
    pub fn run_async(&self, body: &str, args: &[Value]) -> Value {
        self.done("run a script", self.session.run_async(body, args))
    }

    /// Has the desktop tell of alerts also while the window is in front, so that no message of one lies over what is looked at.
    pub fn tell_outside(&self) {
        let script = "const [done] = [...arguments].slice(-1);
            const call = window.__TAURI_INTERNALS__.invoke;
            call('settings').then((settings) => call('save_settings', { settings: { ...settings, inFront: true } }))
                .then(() => done('saved'), (error) => done(JSON.stringify(error)))";
        let done = self.run_async(script, &[]);
        assert_eq!(done, "saved", "the settings are kept");
    }

    /// Changes what the page keeps of its own look, as `Settings` does, and loads the page anew.
    pub fn choose_look(&self, change: &Value) {
        let script = "const kept = JSON.parse(localStorage.getItem('signalbox.look') ?? '{}');
            localStorage.setItem('signalbox.look', JSON.stringify({ ...kept, ...arguments[0] }));
            window.old = true; location.reload()";
        self.run(script, std::slice::from_ref(change));
        self.wait("the page to be loaded anew", |window| {
            // While one page goes and the next comes, there is none to ask.
            let painted = "return !window.old && !!document.querySelector('nav') && !!document.querySelector('main')";
            window.session.run(painted, &[]).is_ok_and(|painted| painted == true).then_some(())
        });
    }

    /// Moves the pointer to a place of the page, in its own pixels.
    pub fn point(&self, x: f64, y: f64) {
        self.done("move the pointer", self.session.point(x, y));
    }

    /// Drags the pointer from a place of the page to another, in its own pixels, as a hand does: WebKit's driver tells a press of
    /// where the pointer was before.
    pub fn drag(&self, from: (f64, f64), to: (f64, f64)) {
        let id = self.x_window();
        let step = |part: f64| {
            let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
            let [x, y] = [x, y].map(|place| place.round().to_string());
            self.desktop.output("xdotool", &["mousemove", "--window", &id, &x, &y, "sleep", "0.05"]);
        };
        step(0.0);
        self.desktop.output("xdotool", &["mousedown", "1"]);
        (1..=8).for_each(|part| step(f64::from(part) / 8.0));
        self.desktop.output("xdotool", &["mouseup", "1"]);
    }

    /// Moves the hand's own pointer to a place of the page, in its own pixels, whatever size they are shown in.
    pub fn hover(&self, x: f64, y: f64) {
        let larger = self.run("return devicePixelRatio", &[]).as_f64().unwrap_or(1.0);
        let place = [x, y].map(|at| (at * larger).round().to_string());
        self.desktop.output("xdotool", &["mousemove", "--window", &self.x_window(), &place[0], &place[1]]);
    }

    /// Clicks with the hand's own pointer: WebKit's driver misses on a page that is shown larger.
    pub fn click_at(&self, x: f64, y: f64) {
        self.hover(x, y);
        self.desktop.output("xdotool", &["click", "1"]);
    }

    /// The pixels of a part of the window as it is on the screen, three bytes each, row by row.
    pub fn pixels(&self, [left, top, width, height]: [usize; 4]) -> Vec<u8> {
        let mut import = self.desktop.command("import");
        let part = format!("{width}x{height}+{left}+{top}");
        import.args(["-window", &self.x_window(), "-crop", &part, "-depth", "8", "rgb:-"]);
        let output = import.output().unwrap_or_else(|error| self.fail(&format!("`import`: {error}")));
        assert!(output.status.success(), "`import` failed: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Makes the window this large, without its frame, whatever size everything is shown in.
    pub fn resize(&self, width: u32, height: u32) {
        let id = self.x_window();
        self.desktop.output("xdotool", &["windowsize", "--sync", &id, &width.to_string(), &height.to_string()]);
        self.wait("the new size", |window| (window.run("return outerWidth", &[]) == width).then_some(()));
    }

    /// Takes a picture of the window alone, as it is on the screen, in 255 colours.
    pub fn picture_to(&self, path: &std::path::Path) {
        let path = format!("PNG8:{}", path.display());
        self.desktop.output("import", &["-window", &self.x_window(), "+dither", "-colors", "255", "-strip", &path]);
    }

    /// Takes a picture of the screen into the test's folder.
    pub fn picture(&self, name: &str) -> PathBuf {
        self.desktop.picture(name)
    }

    /// Fails the test with a picture and the page's text beside the logs.
    pub fn fail(&self, why: &str) -> ! {
        let picture = self.picture("failed");
        let text = self.session.run("return document.body.innerText", &[]);
        let text = text.map_or_else(|error| error, |text| text.as_str().unwrap_or_default().to_owned());
        panic!("{why}\npicture: {}\nthe page said:\n{text}", picture.display())
    }

    /// The window's number on the X server, once it is on the screen.
    fn x_window(&self) -> String {
        let search = ["search", "--onlyvisible", "--name", "^(\\([0-9]+\\) |\\[Automation\\] )?Signalbox"];
        self.wait("the window on the screen", |window| {
            let found = window.desktop.command("xdotool").args(search).output().ok()?;
            String::from_utf8_lossy(&found.stdout).lines().last().map(str::to_owned)
        })
    }

    fn found(&self, body: &str, args: &[Value]) -> Option<Element> {
        self.done("look for an element", self.session.element(body, args))
    }

    fn done<T>(&self, what: &str, result: Result<T, String>) -> T {
        result.unwrap_or_else(|error| self.fail(&format!("could not {what}: {error}")))
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        // The driver goes next, and with it whatever would not close.
        let _ = self.session.end();
    }
}

fn driver() -> PathBuf {
    let named = std::env::var_os("SIGNALBOX_TAURI_DRIVER").map(PathBuf::from);
    let driver = named.unwrap_or_else(|| desktop::target().join("tools/bin/tauri-driver"));
    assert!(driver.is_file(), "{} is not there; `cargo xtask test --only e2e` installs it", driver.display());
    driver
}

/// Two that are free, and none that the system gives to whoever asks for any: those may be another's a moment later.
fn free_ports() -> [u16; 2] {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let begin = std::process::id();
    let mut free = std::iter::repeat_with(|| (begin + TAKEN.fetch_add(1, Relaxed)) % 8_000)
        .take(8_000)
        .map(|number| 12_000 + u16::try_from(number).expect("it is small"))
        .filter(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    [(); 2].map(|()| free.next().expect("a free port"))
}

/// Whether the driver, or the one behind it, says that it cannot have its port: somebody took it in between.
fn has_no_port(driver: &Process) -> bool {
    let printed = driver.printed();
    ["can not listen to address", "Unable to listen for HTTP server"].iter().any(|said| printed.contains(said))
}
