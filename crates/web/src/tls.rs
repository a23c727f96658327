//! TLS of our own, where no proxy stands in front: a certificate and its key, read once.
//!
//! Invariant: a client that opens a connection and says nothing, or says it wrongly, keeps nobody else waiting.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, crypto::ring, version};
use tokio_rustls::server::TlsStream;

/// So long a client has to shake hands.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that have shaken hands and wait to be served.
const WAITING: usize = 64;
/// After an error of accepting, such as too many open files.
const PAUSE: Duration = Duration::from_millis(200);

/// From where a request came.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

impl Connected<IncomingStream<'_, Handshaken>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Handshaken>) -> Peer {
        Peer(*stream.remote_addr())
    }
}

/// A certificate and its key.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// Reads a chain of certificates, the own one first, and its key, both as PEM.
    ///
    /// # Errors
    /// In words: which file cannot be read, or that the two do not belong together.
    pub fn of(certificate: &Path, key: &Path) -> Result<Tls, String> {
        let told = |path: &Path, what: &str, cause: String| format!("`{}`: {what}: {cause}", path.display());
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|e| told(certificate, "no certificate as PEM", e.to_string()))?;
        if chain.is_empty() {
            return Err(told(certificate, "no certificate as PEM", "it holds none".to_owned()));
        }
        let secret =
            PrivateKeyDer::from_pem_file(key).map_err(|e| told(key, "no private key as PEM", e.to_string()))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, secret))
            .map_err(|e| told(certificate, "does not go with the key", e.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Tls(TlsAcceptor::from(Arc::new(config))))
    }

    /// A listener whose connections have shaken hands.
    pub fn over(self, listener: TcpListener) -> Handshaken {
        let (done, ready) = channel(WAITING);
        let address = listener.local_addr();
        let task = tokio::spawn(shake(listener, self.0, done));
        Handshaken { ready, address: address.ok(), task }
    }
}

/// Accepts connections, each in a task of its own until it has shaken hands.
async fn shake(listener: TcpListener, acceptor: TlsAcceptor, done: Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    loop {
        let (stream, from) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(cause) => {
                tracing::warn!("a connection was not accepted: {cause}");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let (acceptor, done) = (acceptor.clone(), done.clone());
        tokio::spawn(async move {
            match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                // nobody takes it where the service comes to its end
                Ok(Ok(stream)) => drop(done.send((stream, from)).await),
                Ok(Err(cause)) => tracing::debug!("a client did not shake hands: {cause}"),
                Err(_) => tracing::debug!("a client was too slow to shake hands"),
            }
        });
    }
}

/// Connections that have shaken hands.
pub struct Handshaken {
    ready: Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: Option<SocketAddr>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Handshaken {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Listener for Handshaken {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // the task that accepts ends with this value alone
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.address.ok_or_else(|| std::io::Error::other("the address is not known"))
    }
}
