//! Initializers whose variance follows from the number of inputs or outputs, so that signals keep their size.

use super::{Fans, Initializer, fill_with, truncated_normal};
use crate::random::Random;
use crate::scalar::Scalar;

/// Which number the variance is divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FanMode {
    /// The inputs.
    #[default]
    FanIn,
    /// The outputs.
    FanOut,
    /// The mean of both.
    FanAverage,
}

/// What values are drawn from, with mean 0 and the variance asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Distribution {
    /// Normal, drawn again beyond twice its standard deviation, which is made larger to allow for that.
    #[default]
    TruncatedNormal,
    /// Normal.
    UntruncatedNormal,
    /// Uniform.
    Uniform,
}

/// Variance `scale / fan`: the family of the initializers below. Source: Keras' `VarianceScaling`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VarianceScaling {
    /// What is divided, 1 by default.
    pub scale: f64,
    /// By what.
    pub mode: FanMode,
    /// What is drawn from.
    pub distribution: Distribution,
}

impl Default for VarianceScaling {
    fn default() -> Self {
        Self { scale: 1.0, mode: FanMode::FanIn, distribution: Distribution::TruncatedNormal }
    }
}

/// The standard deviation of a normal distribution cut at ±2.
const TRUNCATED: f64 = 0.879_625_661_034_239_8;

impl Initializer for VarianceScaling {
    fn fill<S: Scalar>(&self, random: &mut Random, fans: Fans, values: &mut [S]) {
        let fan = match self.mode {
            FanMode::FanIn => fans.input as f64,
            FanMode::FanOut => fans.output as f64,
            FanMode::FanAverage => (fans.input + fans.output) as f64 / 2.0,
        };
        let variance = self.scale / fan.max(1.0);
        match self.distribution {
            Distribution::TruncatedNormal => {
                let deviation = libm::sqrt(variance) / TRUNCATED;
                fill_with(values, || deviation * truncated_normal(random));
            }
            Distribution::UntruncatedNormal => {
                let deviation = libm::sqrt(variance);
                fill_with(values, || deviation * random.normal());
            }
            Distribution::Uniform => {
                let limit = libm::sqrt(3.0 * variance);
                fill_with(values, || (2.0 * random.uniform() - 1.0) * limit);
            }
        }
    }
}

macro_rules! member {
    ($name:ident, $scale:literal, $mode:ident, $distribution:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name;

        impl Initializer for $name {
            fn fill<S: Scalar>(&self, random: &mut Random, fans: Fans, values: &mut [S]) {
                let (mode, distribution) = (FanMode::$mode, Distribution::$distribution);
                VarianceScaling { scale: $scale, mode, distribution }.fill(random, fans, values);
            }
        }
    };
}

member!(
    GlorotUniform,
    1.0,
    FanAverage,
    Uniform,
    "Uniform in ±√(6 / (inputs + outputs)): Keras' default for kernels. Source: Glorot and Bengio, 2010."
);
member!(
    GlorotNormal,
    1.0,
    FanAverage,
    TruncatedNormal,
    "Truncated normal of variance 2 / (inputs + outputs). Source: Glorot and Bengio, 2010."
);
member!(
    HeUniform,
    2.0,
    FanIn,
    Uniform,
    "Uniform in ±√(6 / inputs), for rectified linear units. Source: He, Zhang, Ren, Sun, 2015."
);
member!(
    HeNormal,
    2.0,
    FanIn,
    TruncatedNormal,
    "Truncated normal of variance 2 / inputs, for rectified linear units. Source: He, Zhang, Ren, Sun, 2015."
);
member!(
    LecunUniform,
    1.0,
    FanIn,
    Uniform,
    "Uniform in ±√(3 / inputs). Source: LeCun, Bottou, Orr, Müller, 1998."
);
member!(
    LecunNormal,
    1.0,
    FanIn,
    TruncatedNormal,
    "Truncated normal of variance 1 / inputs, for `selu`. Source: LeCun, Bottou, Orr, Müller, 1998."
);
