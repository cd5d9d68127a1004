//! TLS for all clients: one provider, one set of authorities.

use rustls::ClientConfig;
use rustls::DigitallySignedStruct;
use rustls::Error;
use rustls::RootCertStore;
use rustls::SignatureScheme;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::client::danger::ServerCertVerified;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::UnixTime;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;
use std::sync::OnceLock;

/// The configuration: the authorities that browsers trust, and those in the file that `SSL_CERT_FILE` names.
pub(super) fn config() -> &'static ClientConfig {
    static CONFIG: OnceLock<ClientConfig> = OnceLock::new();
    CONFIG.get_or_init(|| {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(own_authorities().iter().cloned());
        builder().with_root_certificates(roots).with_no_client_auth()
    })
}

/// The authorities in the file that `SSL_CERT_FILE` names, as far as they can be read.
pub(super) fn own_authorities() -> &'static [CertificateDer<'static>] {
    static OWN: OnceLock<Vec<CertificateDer<'static>>> = OnceLock::new();
    OWN.get_or_init(|| {
        let file = std::env::var_os("SSL_CERT_FILE");
        let found = file.and_then(|file| CertificateDer::pem_file_iter(file).ok());
        let is_readable =
            |it: &CertificateDer<'static>| RootCertStore::empty().add(it.clone()).is_ok();
        found.into_iter().flatten().flatten().filter(is_readable).collect()
    })
}

/// A configuration whose authorities are still to be said.
pub(super) fn builder() -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the provider knows the versions of TLS that it was built with")
}

/// What computes; drivers that make a configuration of their own find it as the default.
pub(super) fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    let made = || {
        let provider = rustls::crypto::ring::default_provider();
        // Somebody else in the process may have chosen already.
        let _ = provider.clone().install_default();
        Arc::new(provider)
    };
    PROVIDER.get_or_init(made).clone()
}

/// A configuration that takes any certificate, for those who ask for it.
pub(super) fn unverified() -> ClientConfig {
    let verifier = Arc::new(Anybody(provider()));
    builder().dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
}

/// Checks that the server has the key of its certificate, and nothing about whose that is.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
