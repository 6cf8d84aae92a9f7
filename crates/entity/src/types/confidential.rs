use std::fmt;
use std::marker::PhantomData;

/// A JSON document of shape `T`, in canonical text form.
pub struct Json<T> {
    canonical: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Json<T> {
    /// Wraps text that is already canonical; see [`crate::json::canonical`].
    pub const fn from_canonical(canonical: String) -> Self {
        Self { canonical, of: PhantomData }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.canonical
    }

    /// The canonical text.
    pub fn into_canonical(self) -> String {
        self.canonical
    }
}

impl<T> Clone for Json<T> {
    fn clone(&self) -> Self {
        Self::from_canonical(self.canonical.clone())
    }
}

impl<T> PartialEq for Json<T> {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl<T> fmt::Debug for Json<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.canonical)
    }
}

macro_rules! ciphertext {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T> {
            ciphertext: Vec<u8>,
            of: PhantomData<fn() -> T>,
        }

        impl<T> $name<T> {
            /// Wraps an envelope made by the vault.
            pub const fn from_ciphertext(ciphertext: Vec<u8>) -> Self {
                Self { ciphertext, of: PhantomData }
            }

            /// The envelope.
            pub fn ciphertext(&self) -> &[u8] {
                &self.ciphertext
            }

            /// The envelope.
            pub fn into_ciphertext(self) -> Vec<u8> {
                self.ciphertext
            }
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                Self::from_ciphertext(self.ciphertext.clone())
            }
        }

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

ciphertext!(
    /// A credential of shape `T`: sealed with the tenant's key, written, never read back.
    Secret
);
ciphertext!(
    /// Personal data of shape `T`: sealed with the subject's key, readable with permission.
    Sealed
);
