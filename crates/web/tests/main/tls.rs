//! TLS of our own: a browser is answered, a silent client keeps nobody waiting, and the end of the service ends streams.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, version};
use web::{Settings, Tls};

use crate::company::app;

struct Pair {
    folder: tempfile::TempDir,
    certificate: CertificateDer<'static>,
}

fn pair() -> Pair {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    Pair { folder, certificate: made.cert.der().clone() }
}

impl Pair {
    fn tls(&self) -> Result<Tls, String> {
        Tls::of(&self.folder.path().join("cert.pem"), &self.folder.path().join("key.pem"))
    }
}

#[test]
fn what_is_no_pair_is_said() {
    let (one, other) = (pair(), pair());
    assert!(one.tls().is_ok());
    let (path, key) = (one.folder.path().join("cert.pem"), other.folder.path().join("key.pem"));
    assert!(Tls::of(&path, &key).unwrap_err().contains("does not go with the key"));
    assert!(Tls::of(&key, &key).unwrap_err().contains("no certificate as PEM"));
    assert!(Tls::of(&path, &path).unwrap_err().contains("no private key as PEM"));
    assert!(Tls::of(&one.folder.path().join("none"), &key).unwrap_err().contains("no certificate as PEM"));
}

#[tokio::test]
async fn pages_come_over_tls_whoever_else_is_silent_and_streams_end_with_the_service() {
    let pair = pair();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (app, _desk, _folder) = app(Settings { secure: true, ..Settings::default() });
    let serving = tokio::spawn(web::serve(listener, Some(pair.tls().unwrap()), app, async {
        stopped.await.ok();
    }));
    // says nothing, and stays
    let _silent = TcpStream::connect(at).await.unwrap();
    // speaks no TLS
    let mut plain = TcpStream::connect(at).await.unwrap();
    plain.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(pair.certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let connect = async || {
        let stream = TcpStream::connect(at).await.unwrap();
        connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap()
    };
    let mut stream = connect().await;
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200") && text.ends_with("alive\n"), "{text}");
    assert!(text.contains("strict-transport-security: max-age="));
    let mut answer = Vec::new();
    plain.read_to_end(&mut answer).await.ok();
    assert!(!answer.starts_with(b"HTTP/1.1"));
    // a page that follows what happens keeps the service from no end
    let mut door = connect().await;
    let form = format!("name=ceo&password={}", crate::company::PASSWORD.replace(' ', "+"));
    let kind = "content-type: application/x-www-form-urlencoded";
    let length = form.len();
    let asked = format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\n{kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{form}"
    );
    door.write_all(asked.as_bytes()).await.unwrap();
    let mut text = String::new();
    door.read_to_string(&mut text).await.unwrap();
    let cookie = text.split("set-cookie: ").nth(1).unwrap_or_else(|| panic!("{text}")).split(';').next().unwrap();
    let mut live = connect().await;
    let asked = format!("GET /events HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n");
    live.write_all(asked.as_bytes()).await.unwrap();
    let mut some = [0; 2_048];
    let n = live.read(&mut some).await.unwrap();
    assert!(some[..n].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&some[..n]));
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("the service ends").unwrap().unwrap();
}
