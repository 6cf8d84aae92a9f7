//! What a field's type says by its name. Names unknown here (choices, aliases) are left to the
//! compiler, which has the `Field` trait.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, PathSegment, Type};

/// A field's type, read by name.
pub(super) struct FieldType {
    /// The type, with `Self` replaced by the struct's name.
    pub(super) tokens: Type,
    /// Whether it is `Option<_>`.
    pub(super) optional: bool,
    /// What it is, without `Option`.
    pub(super) shape: Shape,
}

/// What a type is.
pub(super) enum Shape {
    /// `Id<T>`, with `T`.
    Id(Box<Type>),
    Secret,
    Sealed,
    Json,
    Timestamp,
    Number,
    Boolean,
    /// Text or a list, which search can read.
    Text,
    /// A known type without a case of its own.
    Plain,
    /// A choice, or an alias.
    Unknown,
}

impl FieldType {
    /// Reads a type of a field of the struct `owner`.
    pub(super) fn read(ty: &Type, owner: &Ident) -> Self {
        let tokens = replace_self(ty, owner);
        let (optional, shape) = match last_segment(&tokens) {
            Some(segment) if segment.ident == "Option" => {
                (true, argument(segment).map_or(Shape::Unknown, shape))
            }
            _ => (false, shape(&tokens)),
        };
        Self { tokens, optional, shape }
    }

    /// The `T` of `Id<T>` or `Option<Id<T>>`.
    pub(super) fn id_of(&self) -> Option<&Type> {
        match &self.shape {
            Shape::Id(of) => Some(of),
            _ => None,
        }
    }
}

fn shape(ty: &Type) -> Shape {
    let Some(segment) = last_segment(ty) else {
        return Shape::Plain;
    };
    match segment.ident.to_string().as_str() {
        "Id" => argument(segment).map_or(Shape::Unknown, |of| Shape::Id(Box::new(of.clone()))),
        "Secret" => Shape::Secret,
        "Sealed" => Shape::Sealed,
        "Json" => Shape::Json,
        "Timestamp" => Shape::Timestamp,
        "i16" | "i32" | "i64" | "f64" | "Numeric" => Shape::Number,
        "bool" => Shape::Boolean,
        "String" | "Text" => Shape::Text,
        "Vec" => match argument(segment).and_then(last_segment) {
            Some(item) if item.ident == "u8" => Shape::Plain,
            _ => Shape::Text,
        },
        "Date" | "IpAddr" | "U256" | "Uuid" => Shape::Plain,
        _ => Shape::Unknown,
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        // A type that came through a `macro_rules!` fragment.
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}

/// The first type argument, `T` of `Name<T>`.
fn argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Whether a type is the struct `owner` itself.
pub(super) fn is_own(ty: &Type, owner: &Ident) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident(owner))
}

/// A static can't say `Self`, so the struct's name takes its place.
pub(super) fn replace_self(ty: &Type, owner: &Ident) -> Type {
    let tokens = replace_tokens(ty.to_token_stream(), owner);
    syn::parse2(tokens).unwrap_or_else(|_| ty.clone())
}

fn replace_tokens(tokens: TokenStream, owner: &Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => {
                TokenTree::Ident(Ident::new(&owner.to_string(), ident.span()))
            }
            TokenTree::Group(group) => {
                let mut replaced =
                    Group::new(group.delimiter(), replace_tokens(group.stream(), owner));
                replaced.set_span(group.span());
                TokenTree::Group(replaced)
            }
            other => other,
        })
        .collect()
}
