//! The types of values in tensors: one list over safetensors, GGUF with its quantisations, ONNX and `PyTorch`.

use std::fmt;

use serde::{Serialize, Serializer};

use super::metadata::shown;

/// The longest name of an unknown type that is kept, in characters.
const LONGEST_NAME: usize = 64;

macro_rules! dtypes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $elements:literal $bytes:literal;)*) => {
        /// What each value of a tensor is. `Display` gives the name by which people know it: `BF16`, `Q4_K`.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Dtype {
            $($(#[$doc])* #[allow(non_camel_case_types, reason = "the names that the formats use")] $variant,)*
            /// A type that this Berth does not know, by the name or number that the file gives.
            Other(String),
        }

        impl Dtype {
            /// The name by which people know it.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(name) => name,
                }
            }

            /// The known type of a name.
            fn known(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// How many values a block holds, and in how many bytes.
            fn block(&self) -> Option<(u64, u64)> {
                match self {
                    $(Self::$variant => Some(($elements, $bytes)),)*
                    Self::Other(_) => None,
                }
            }
        }

        #[cfg(test)]
        pub(super) const ALL: &[Dtype] = &[$(Dtype::$variant,)*];
    };
}

// Source of the block sizes: ggml-org/ggml, src/ggml-common.h; of the rest: safetensors 0.8, src/tensor.rs.
dtypes! {
    Bool "BOOL" 1 1;
    U8 "U8" 1 1;
    I8 "I8" 1 1;
    U16 "U16" 1 2;
    I16 "I16" 1 2;
    U32 "U32" 1 4;
    I32 "I32" 1 4;
    U64 "U64" 1 8;
    I64 "I64" 1 8;
    F16 "F16" 1 2;
    BF16 "BF16" 1 2;
    F32 "F32" 1 4;
    F64 "F64" 1 8;
    /// Complex: two F32.
    C64 "C64" 1 8;
    /// Complex: two F64.
    C128 "C128" 1 16;
    F8_E4M3 "F8_E4M3" 1 1;
    F8_E4M3FNUZ "F8_E4M3FNUZ" 1 1;
    F8_E5M2 "F8_E5M2" 1 1;
    F8_E5M2FNUZ "F8_E5M2FNUZ" 1 1;
    F8_E8M0 "F8_E8M0" 1 1;
    F6_E2M3 "F6_E2M3" 4 3;
    F6_E3M2 "F6_E3M2" 4 3;
    F4 "F4" 2 1;
    U4 "U4" 2 1;
    I4 "I4" 2 1;
    U2 "U2" 4 1;
    I2 "I2" 4 1;
    Q1_0 "Q1_0" 128 18;
    Q4_0 "Q4_0" 32 18;
    Q4_1 "Q4_1" 32 20;
    Q5_0 "Q5_0" 32 22;
    Q5_1 "Q5_1" 32 24;
    Q8_0 "Q8_0" 32 34;
    Q8_1 "Q8_1" 32 36;
    Q2_K "Q2_K" 256 84;
    Q3_K "Q3_K" 256 110;
    Q4_K "Q4_K" 256 144;
    Q5_K "Q5_K" 256 176;
    Q6_K "Q6_K" 256 210;
    Q8_K "Q8_K" 256 292;
    IQ1_S "IQ1_S" 256 50;
    IQ1_M "IQ1_M" 256 56;
    IQ2_XXS "IQ2_XXS" 256 66;
    IQ2_XS "IQ2_XS" 256 74;
    IQ2_S "IQ2_S" 256 82;
    IQ3_XXS "IQ3_XXS" 256 98;
    IQ3_S "IQ3_S" 256 110;
    IQ4_NL "IQ4_NL" 32 18;
    IQ4_XS "IQ4_XS" 256 136;
    TQ1_0 "TQ1_0" 256 54;
    TQ2_0 "TQ2_0" 256 66;
    MXFP4 "MXFP4" 32 17;
    NVFP4 "NVFP4" 64 36;
}

impl Dtype {
    /// The type of this name; one that is not known is kept with what can be shown of its name.
    pub fn named(name: &str) -> Self {
        Self::known(name).unwrap_or_else(|| Self::Other(shown(name.trim(), LONGEST_NAME)))
    }

    /// Whether its sizes are known.
    pub const fn is_known(&self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// The bytes that so many values take; none for an unknown type, and where they do not fill whole blocks.
    pub fn size_of(&self, values: u64) -> Option<u64> {
        let (elements, bytes) = self.block()?;
        if !values.is_multiple_of(elements) {
            return None;
        }
        (values / elements).checked_mul(bytes)
    }

    /// How many values a block of it holds: a row of a tensor must be made of whole blocks.
    pub(super) fn values_in_block(&self) -> Option<u64> {
        self.block().map(|(elements, _)| elements)
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl Serialize for Dtype {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
