//! TLS to a real server, with certificates made for the test.

use crate::error::ErrorKind;
use crate::postgres::{Target, connect_owner};
use mainstay_testkit::{Cluster, Postgres, ServerCertificate, temp_dir, wait_until};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio_postgres::error::SqlState;

const SOON: Duration = Duration::from_secs(20);

/// A server whose certificate an authority signed for the name `localhost`.
struct TlsServer {
    cluster: Cluster,
    folder: TempDir,
}

impl TlsServer {
    fn start() -> Self {
        let folder = temp_dir();
        let own = authority(&folder.path().join("own.crt"));
        // Somebody else's authority of the same name.
        authority(&folder.path().join("other.crt"));
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = certificate.signed_by(&key, &own).unwrap();
        let own = ServerCertificate { certificate: certificate.pem(), key: key.serialize_pem() };
        Self { cluster: Cluster::start_with_tls(&own).unwrap(), folder }
    }

    /// The superuser's URL with a name for the host and parameters.
    fn url(&self, host: &str, parameters: &str) -> String {
        let url = self.cluster.url().replace("@127.0.0.1:", &format!("@{host}:"));
        format!("{url}?{parameters}")
    }

    fn root(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }
}

fn authority(file: &Path) -> Issuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    std::fs::write(file, params.self_signed(&key).unwrap().pem()).unwrap();
    Issuer::new(params, key)
}

/// Whether a connection is encrypted, or why there is none.
async fn is_encrypted(url: &str) -> Result<bool, String> {
    let client = match connect_owner(url).await {
        Ok(client) => client,
        Err(error) => match error.kind() {
            ErrorKind::Unavailable(why) => return Err(why.clone()),
            other => panic!("{other:?}"),
        },
    };
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    Ok(client.query_one(sql, &[]).await.unwrap().get(0))
}

#[tokio::test]
async fn each_sslmode_protects_as_much_as_it_says() {
    let server = TlsServer::start();
    let (own, other) = (server.root("own.crt"), server.root("other.crt"));
    let (own, other) = (own.display(), other.display());
    let connect =
        async |host, parameters: String| is_encrypted(&server.url(host, &parameters)).await;
    for (host, parameters, encrypted) in [
        ("127.0.0.1", "sslmode=disable".to_owned(), false),
        ("127.0.0.1", "sslmode=prefer".to_owned(), true),
        ("127.0.0.1", String::new(), true),
        ("127.0.0.1", "sslmode=require".to_owned(), true),
        ("127.0.0.1", format!("sslmode=require&sslrootcert={own}"), true),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={own}"), true),
        ("localhost", format!("sslmode=verify-full&sslrootcert={own}"), true),
        // The proof of who knows the password is bound to the certificate.
        ("localhost", "sslmode=require&channel_binding=require".to_owned(), true),
    ] {
        assert_eq!(connect(host, parameters.clone()).await, Ok(encrypted), "{host} {parameters}");
    }
    for (host, parameters, why) in [
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={own}"), "not valid for name"),
        ("localhost", format!("sslmode=verify-full&sslrootcert={other}"), "certificate"),
        ("localhost", format!("sslmode=verify-ca&sslrootcert={other}"), "certificate"),
        ("localhost", format!("sslmode=require&sslrootcert={other}"), "certificate"),
    ] {
        let refusal = connect(host, parameters.clone()).await.expect_err(&parameters);
        assert!(refusal.contains(why), "{host} {parameters}: {refusal}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused_where_tls_is_required() {
    let database = Postgres::shared().database().await;
    let with = |parameters: &str| format!("{}?{parameters}", database.owner_url);
    assert_eq!(is_encrypted(&with("sslmode=prefer")).await, Ok(false));
    let refusal = is_encrypted(&with("sslmode=require")).await.unwrap_err();
    assert!(refusal.contains("TLS"), "{refusal}");
}

#[tokio::test]
async fn abandoned_statements_are_cancelled_over_tls_too() {
    let server = TlsServer::start();
    let root = server.root("own.crt");
    let url =
        server.url("localhost", &format!("sslmode=verify-full&sslrootcert={}", root.display()));
    let target = Target::parse(&url).unwrap();
    let (busy, watcher) = (target.connect().await.unwrap(), target.connect().await.unwrap());
    let token = busy.cancel_token();
    let sleeping = tokio::spawn(async move { busy.batch_execute("SELECT pg_sleep(60)").await });
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    let sleeps = async || watcher.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 1;
    assert!(wait_until(sleeps, SOON).await);
    target.cancel(&token).await.unwrap();
    let error = sleeping.await.unwrap().unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::QUERY_CANCELED));
}
