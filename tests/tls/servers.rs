//! PostgreSQL and MariaDB as processes of a test, in folders of their own.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use tempfile::NamedTempFile;
use tempfile::TempDir;

/// `nobody`: the servers do not run as root.
const NOBODY: u32 = 65534;

/// A certificate for `localhost`, and its key.
pub(crate) struct Identity {
    /// The certificate, for clients.
    pub(crate) file: NamedTempFile,
    certificate: String,
    key: String,
}

impl Identity {
    pub(crate) fn new() -> Identity {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (certificate, key) = (made.cert.pem(), made.signing_key.serialize_pem());
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(certificate.as_bytes()).unwrap();
        Identity { file, certificate, key }
    }
}

/// A server; it ends with this.
pub(crate) struct Server {
    pub(crate) port: u16,
    process: Child,
    // What the process uses, until it has ended.
    _folder: Folder,
}

impl Server {
    /// PostgreSQL with TLS and a user `postgres` without a password; `None` where there is none.
    pub(crate) fn postgres(identity: &Identity) -> Option<Server> {
        let (make, serve) = (find("initdb")?, find("postgres")?);
        let folder = Folder::new(identity);
        let data = folder.path("data");
        folder.run(
            Command::new(make)
                .args(["--auth=trust", "-U", "postgres", "--no-sync", "-D"])
                .arg(&data),
        );
        let mut command = Command::new(serve);
        command.arg("-D").arg(&data);
        let options = [
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            "fsync=off".to_owned(),
            format!("ssl_cert_file={}", folder.path("certificate.pem").display()),
            format!("ssl_key_file={}", folder.path("key.pem").display()),
        ];
        for option in &options {
            command.args(["-c", option]);
        }
        // Not on the command line, which a program could not take back.
        let mut settings =
            fs::OpenOptions::new().append(true).open(data.join("postgresql.conf")).unwrap();
        settings.write_all(b"ssl = on\n").unwrap();
        Some(folder.start(command, "-p", "database system is ready to accept connections"))
    }

    /// MariaDB with TLS and a user `root` without a password; `None` where there is none.
    pub(crate) fn mariadb(identity: &Identity) -> Option<Server> {
        let (make, serve) = (find("mariadb-install-db")?, find("mariadbd")?);
        let folder = Folder::new(identity);
        let data = format!("--datadir={}", folder.path("data").display());
        let root = "--auth-root-authentication-method=normal";
        folder.run(Command::new(make).args(["--no-defaults", root, "--skip-test-db", &data]));
        let mut command = Command::new(serve);
        command.args(["--no-defaults", "--bind-address=127.0.0.1", &data]);
        command.arg(format!("--socket={}", folder.path("socket").display()));
        command.arg(format!("--ssl-cert={}", folder.path("certificate.pem").display()));
        command.arg(format!("--ssl-key={}", folder.path("key.pem").display()));
        Some(folder.start(command, "--port", "ready for connections"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // PostgreSQL gives back what the system would keep of one that is killed.
        let told = Command::new("kill").args(["-QUIT", &self.process.id().to_string()]).status();
        if !told.is_ok_and(|told| told.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

/// A folder with the certificate and its key, which belongs to whom the server runs as.
struct Folder {
    folder: TempDir,
    owner: u32,
}

impl Folder {
    fn new(identity: &Identity) -> Folder {
        let folder = tempfile::tempdir().unwrap();
        let owner = match fs::metadata(folder.path()).unwrap().uid() {
            0 => NOBODY,
            other => other,
        };
        let made = Folder { folder, owner };
        for (name, text) in [("certificate.pem", &identity.certificate), ("key.pem", &identity.key)]
        {
            fs::write(made.path(name), text).unwrap();
            fs::set_permissions(made.path(name), fs::Permissions::from_mode(0o600)).unwrap();
            made.give(&made.path(name));
        }
        made.give(made.folder.path());
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn give(&self, path: &Path) {
        if self.owner == NOBODY {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// What a command of the server runs as, and where.
    fn own<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if self.owner == NOBODY {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.current_dir(self.folder.path()).env("LC_ALL", "C").stdin(Stdio::null())
    }

    fn run(&self, command: &mut Command) {
        let ended = self.own(command).output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }

    /// Starts the server at a free port, and waits until it says that it is ready.
    fn start(self, mut command: Command, port_flag: &str, ready: &str) -> Server {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        match port_flag.starts_with("--") {
            true => command.arg(format!("{port_flag}={port}")),
            false => command.args([port_flag, &port.to_string()]),
        };
        let command = self.own(&mut command).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap());
        let mut said = String::new();
        while !said.lines().last().is_some_and(|line| line.contains(ready)) {
            assert!(log.read_line(&mut said).unwrap() > 0, "it ended: {said}");
        }
        // A full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Server { port, process, _folder: self }
    }
}

/// Where a command is: servers are often not in the search path.
fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    folders.extend(versions.map(|version| version.path().join("bin")));
    folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}
