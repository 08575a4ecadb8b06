//! The system's keychain, on a thread of its own.
//!
//! A Secret Service that is not initialised may never answer, and its client panics inside an async task when zbus is
//! built for tokio. So every call runs on one plain thread, and nobody waits for it longer than a bound. A thread that
//! hangs is left behind and another takes its place: a call that hangs does not hang the next.
//!
//! The crate `keyring` keeps what its first call found out about the store for as long as the process lives, be it a
//! failure or a hang. Here its parts (`keyring-core` and the system's own store) are used, and the store is opened
//! anew after a failure.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

/// The service under which all entries are kept.
const SERVICE: &str = "signalbox";
/// How long one call may take.
const BOUND: Duration = Duration::from_secs(5);
/// How many calls may wait for the thread.
const WAITING: usize = 4096;
/// How many threads may hang before the keychain is not asked any more, until one of them comes back.
const HANGING: usize = 4;

/// Why the keychain gave nothing, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// There is no such entry.
    #[error("the keychain has no such entry")]
    NotFound,
    /// It is locked, or the question to unlock it was dismissed.
    #[error("the keychain is locked; unlock it and retry, or keep the credential for this run only")]
    Locked,
    /// There is none, or it does not work.
    #[error(
        "this computer's keychain cannot be reached; start one (on Linux a Secret Service such as gnome-keyring) and retry, or keep the credential for this run only"
    )]
    Unavailable,
    /// It did not answer.
    #[error("the keychain has not answered for {0} s; unlock it and retry, or keep the credential for this run only")]
    TimedOut(u64),
    /// It has several entries of this name.
    #[error("the keychain has several entries of this name; delete all but one")]
    Ambiguous,
    /// It does not take this credential.
    #[error("the keychain does not take this credential: {0}")]
    NotTaken(&'static str),
    /// Too many calls are waiting for it.
    #[error("the keychain is too busy; retry in a moment")]
    Busy,
}

/// A store of entries; every call may block.
pub trait EntryStore {
    /// Gets an entry's secret.
    fn get(&mut self, entry: &str) -> Result<SecretString, KeychainError>;
    /// Makes or changes an entry.
    fn set(&mut self, entry: &str, secret: &SecretString) -> Result<(), KeychainError>;
    /// Deletes an entry.
    fn delete(&mut self, entry: &str) -> Result<(), KeychainError>;
}

type Open = dyn Fn() -> Result<Box<dyn EntryStore>, KeychainError> + Send + Sync;

/// A keychain behind its own thread. Clones share it.
#[derive(Clone)]
pub struct Keychain {
    open: Arc<Open>,
    bound: Duration,
    threads: Arc<Mutex<Threads>>,
}

#[derive(Default)]
struct Threads {
    current: Option<Arc<Thread>>,
    hanging: usize,
}

/// A thread that makes calls, one after the other.
struct Thread {
    calls: SyncSender<Call>,
    /// When the call under way began.
    busy: Mutex<Option<Instant>>,
}

struct Call {
    make: Box<Make>,
    answer: oneshot::Sender<Answer>,
}

type Make = dyn FnOnce(&mut dyn EntryStore) -> Answer + Send;
type Answer = Result<Option<SecretString>, KeychainError>;

impl Keychain {
    /// The system's keychain: the Secret Service, the macOS keychain, the Windows Credential Manager.
    pub fn system() -> Self {
        Keychain::new(System::open, BOUND)
    }

    /// Another store, which `open` opens on the keychain's thread and opens again after a failure. `bound` is how long
    /// one call may take.
    pub fn new<S: EntryStore + 'static>(
        open: impl Fn() -> Result<S, KeychainError> + Send + Sync + 'static,
        bound: Duration,
    ) -> Self {
        let open = move || open().map(|store| Box::new(store) as Box<dyn EntryStore>);
        Keychain { open: Arc::new(open), bound, threads: Arc::default() }
    }

    /// Gets an entry's secret.
    pub async fn get(&self, entry: &str) -> Result<SecretString, KeychainError> {
        let entry = entry.to_owned();
        self.call(move |store| store.get(&entry).map(Some)).await?.ok_or(KeychainError::NotFound)
    }

    /// Makes or changes an entry.
    pub async fn set(&self, entry: &str, secret: SecretString) -> Result<(), KeychainError> {
        let entry = entry.to_owned();
        self.call(move |store| store.set(&entry, &secret).map(|()| None)).await.map(drop)
    }

    /// Deletes an entry.
    pub async fn delete(&self, entry: &str) -> Result<(), KeychainError> {
        let entry = entry.to_owned();
        self.call(move |store| store.delete(&entry).map(|()| None)).await.map(drop)
    }

    async fn call(&self, make: impl FnOnce(&mut dyn EntryStore) -> Answer + Send + 'static) -> Answer {
        let (answer, mut answered) = oneshot::channel();
        let thread = self.thread()?;
        thread.calls.try_send(Call { make: Box::new(make), answer }).map_err(|error| match error {
            TrySendError::Full(_) => KeychainError::Busy,
            TrySendError::Disconnected(_) => KeychainError::Unavailable,
        })?;
        // The bound is that of the call under way: to wait behind others that are answered is not to hang.
        let mut wait = self.bound;
        loop {
            match tokio::time::timeout(wait, &mut answered).await {
                Ok(answer) => return answer.unwrap_or(Err(KeychainError::Unavailable)),
                Err(_) => {
                    let under_way = lock(&thread.busy).map_or(Duration::ZERO, |since| since.elapsed());
                    if under_way >= self.bound {
                        self.leave_behind(&thread);
                        return Err(KeychainError::TimedOut(self.bound.as_secs()));
                    }
                    wait = (self.bound - under_way).max(Duration::from_millis(10));
                }
            }
        }
    }

    /// The thread that takes calls, started when there is none.
    fn thread(&self) -> Result<Arc<Thread>, KeychainError> {
        let mut threads = lock(&self.threads);
        if let Some(thread) = &threads.current {
            return Ok(thread.clone());
        }
        if threads.hanging >= HANGING {
            return Err(KeychainError::TimedOut(self.bound.as_secs()));
        }
        let (calls, taken) = sync_channel(WAITING);
        let thread = Arc::new(Thread { calls, busy: Mutex::default() });
        let (weak, open, all) = (Arc::downgrade(&thread), self.open.clone(), self.threads.clone());
        std::thread::Builder::new()
            .name("keychain".into())
            .spawn(move || {
                serve(&taken, &*open, |since| {
                    if let Some(thread) = weak.upgrade() {
                        *lock(&thread.busy) = since;
                    }
                });
                // It ends when nobody can call it: left behind, or the keychain is gone.
                let mut all = lock(&all);
                all.hanging = all.hanging.saturating_sub(1);
            })
            .map_err(|_| KeychainError::Unavailable)?;
        threads.current = Some(thread.clone());
        Ok(thread)
    }

    fn leave_behind(&self, thread: &Arc<Thread>) {
        let mut threads = lock(&self.threads);
        if threads.current.as_ref().is_some_and(|current| Arc::ptr_eq(current, thread)) {
            threads.current = None;
            threads.hanging += 1;
            tracing::warn!(hanging = threads.hanging, "the keychain does not answer");
        }
    }
}

impl std::fmt::Debug for Keychain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keychain").field("bound", &self.bound).finish_non_exhaustive()
    }
}

/// Makes calls until nobody can ask any more. The store is opened at the first and again after a failure of its own.
fn serve(calls: &Receiver<Call>, open: &Open, busy: impl Fn(Option<Instant>)) {
    let mut store: Option<Box<dyn EntryStore>> = None;
    while let Ok(call) = calls.recv() {
        if call.answer.is_closed() {
            continue;
        }
        busy(Some(Instant::now()));
        let made = catch_unwind(AssertUnwindSafe(|| {
            let store = match &mut store {
                Some(store) => store,
                empty => empty.insert(open()?),
            };
            (call.make)(&mut **store)
        }));
        busy(None);
        let answer = made.unwrap_or_else(|fault: Box<dyn Any + Send>| {
            drop(fault);
            Err(KeychainError::Unavailable)
        });
        if matches!(answer, Err(KeychainError::Unavailable | KeychainError::Locked)) {
            store = None;
        }
        // Who asked may have gone; then nobody wants the answer.
        let _ = call.answer.send(answer);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The system's own store.
struct System {
    store: Arc<dyn CredentialStoreApi>,
}

impl System {
    fn open() -> Result<Self, KeychainError> {
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new();
        #[cfg(target_os = "windows")]
        let store = windows_native_keyring_store::Store::new();
        #[cfg(all(unix, not(target_os = "macos")))]
        let store = zbus_secret_service_keyring_store::Store::new();
        Ok(System { store: store.map_err(|error| explained(&error))? })
    }

    fn entry(&self, entry: &str) -> Result<Entry, KeychainError> {
        self.store.build(SERVICE, entry, None).map_err(|error| explained(&error))
    }
}

impl EntryStore for System {
    fn get(&mut self, entry: &str) -> Result<SecretString, KeychainError> {
        let bytes = Zeroizing::new(self.entry(entry)?.get_secret().map_err(|error| explained(&error))?);
        let text = std::str::from_utf8(&bytes).map_err(|_| KeychainError::NotTaken("it is not text; set it again"))?;
        Ok(SecretString::from(text))
    }

    fn set(&mut self, entry: &str, secret: &SecretString) -> Result<(), KeychainError> {
        self.entry(entry)?.set_secret(secret.expose_secret().as_bytes()).map_err(|error| explained(&error))
    }

    fn delete(&mut self, entry: &str) -> Result<(), KeychainError> {
        self.entry(entry)?.delete_credential().map_err(|error| explained(&error))
    }
}

/// Says what a store's error means. Its own text is not shown: of some errors it is the secret's bytes.
fn explained(error: &Error) -> KeychainError {
    match error {
        Error::NoEntry => KeychainError::NotFound,
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::Ambiguous(_) => KeychainError::Ambiguous,
        Error::TooLong(..) => KeychainError::NotTaken("it is too long"),
        Error::Invalid(..) => KeychainError::NotTaken("its name is not allowed there"),
        _ => KeychainError::Unavailable,
    }
}
