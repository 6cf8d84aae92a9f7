use mainstay_entity::{Entity, Id, Sealed, Secret};

/// A patient.
#[derive(Entity)]
#[entity(table = "patients", scope = platform, classification = internal)]
pub struct Patient {
    pub id: Id<Self>,
    /// A credential that would be stored in plain.
    #[entity(secret)]
    pub password: String,
    /// A credential without its word.
    pub token: Secret<String>,
    /// Personal data that would be stored in plain.
    #[entity(sealed)]
    pub address: Option<String>,
    /// Personal data without its word.
    pub insurance: Sealed<String>,
    /// Health data that would be stored in plain.
    #[entity(phi)]
    pub diagnosis: String,
    /// Two kinds of key.
    #[entity(secret, sealed)]
    pub both: Secret<String>,
    /// Said twice.
    #[entity(phi, pii)]
    pub allergies: Sealed<String>,
    /// A plain value answers by itself.
    #[entity(blind_index)]
    pub email: String,
    /// Ciphertext has no words.
    #[entity(sealed, search, default = "none")]
    pub remarks: Sealed<String>,
}

fn main() {}
