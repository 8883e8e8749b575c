//! Sizes and shapes: known to this compiler, given by constants that only Rust's compiler knows, or unknown after an error.

use std::fmt;
use std::rc::Rc;

use crate::syntax::{Name, Path};

/// The size of an axis, or any count made of such.
#[derive(Clone, Debug)]
pub(crate) enum Dim {
    Known(usize),
    Const(Rc<Expression>),
    /// Not known because of an error, which was reported: nothing is said about it again.
    Unknown,
}

/// What only Rust's compiler can compute.
#[derive(Debug)]
pub(crate) enum Expression {
    /// A constant of the user's.
    Path(Path),
    Sum(Dim, Dim),
    Product(Dim, Dim),
    Maximum(Dim, Dim),
    /// Nothing where the second is larger.
    Difference(Dim, Dim),
    /// Rounded down.
    Quotient(Dim, Dim),
    /// A constant of a layer of the user's.
    Of(Path, Constant),
}

/// The constants of a layer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Constant {
    Parameters,
    Scratch,
    Tape,
    /// How many scalars its input or output has.
    Length(Side),
    /// The last axis of its input or output.
    Width(Side),
    /// How many rows of the last axis it has.
    Rows(Side),
}

/// What goes into a layer, or comes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Input,
    Output,
}

impl From<Expression> for Dim {
    fn from(expression: Expression) -> Self {
        Self::Const(Rc::new(expression))
    }
}

impl Dim {
    pub(crate) const ZERO: Self = Self::Known(0);
    pub(crate) const ONE: Self = Self::Known(1);

    /// Too large a product counts as unknown; the shapes' check has reported it.
    pub(crate) fn times(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Known(0), _) | (_, Self::Known(0)) => Self::ZERO,
            (Self::Known(1), other) | (other, Self::Known(1)) => other.clone(),
            (Self::Known(a), Self::Known(b)) => a.checked_mul(*b).map_or(Self::Unknown, Self::Known),
            (a, b) => Expression::Product(a.clone(), b.clone()).into(),
        }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Known(0), other) | (other, Self::Known(0)) => other.clone(),
            (Self::Known(a), Self::Known(b)) => a.checked_add(*b).map_or(Self::Unknown, Self::Known),
            (a, b) => Expression::Sum(a.clone(), b.clone()).into(),
        }
    }

    /// What is left without `other`; nothing where that is larger.
    pub(crate) fn minus(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (dim, Self::Known(0)) => dim.clone(),
            (Self::Known(a), Self::Known(b)) => Self::Known(a.saturating_sub(*b)),
            (a, b) => Expression::Difference(a.clone(), b.clone()).into(),
        }
    }

    /// How often `other` goes into it; zero, which is an error elsewhere, counts as one.
    pub(crate) fn over(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (dim, Self::Known(0 | 1)) => dim.clone(),
            (Self::Known(a), Self::Known(b)) => Self::Known(a / b),
            (a, b) => Expression::Quotient(a.clone(), b.clone()).into(),
        }
    }

    /// The larger one.
    pub(crate) fn max(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Known(a), Self::Known(b)) => Self::Known(*a.max(b)),
            (Self::Known(0), other) | (other, Self::Known(0)) => other.clone(),
            (a, b) if a.to_string() == b.to_string() => a.clone(),
            (a, b) => Expression::Maximum(a.clone(), b.clone()).into(),
        }
    }

    pub(crate) fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        all.into_iter().fold(Self::ZERO, |sum, dim| sum.plus(dim))
    }

    pub(crate) fn product<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        all.into_iter().fold(Self::ONE, |product, dim| product.times(dim))
    }

    pub(crate) fn known(&self) -> Option<usize> {
        if let Self::Known(size) = self { Some(*size) } else { None }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.known() == Some(0)
    }

    /// Whether one of these constants stands in it.
    pub(crate) fn mentions(&self, constants: &[Name]) -> bool {
        let Self::Const(expression) = self else { return false };
        match &**expression {
            Expression::Path(path) => {
                path.word().is_some_and(|word| constants.iter().any(|constant| constant.text == word.text))
            }
            Expression::Sum(a, b)
            | Expression::Product(a, b)
            | Expression::Maximum(a, b)
            | Expression::Difference(a, b)
            | Expression::Quotient(a, b) => a.mentions(constants) || b.mentions(constants),
            Expression::Of(..) => false,
        }
    }

    /// A number or a name: what needs no arithmetic.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Self::Const(expression) => matches!(**expression, Expression::Path(_)),
            Self::Known(_) | Self::Unknown => true,
        }
    }

    /// Both are the same constant, or nothing is known about one of them.
    pub(crate) fn matches(&self, other: &Self) -> Match {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Match::Yes,
            (Self::Known(a), Self::Known(b)) if a == b => Match::Yes,
            (Self::Known(_), Self::Known(_)) => Match::No,
            (a, b) if a.to_string() == b.to_string() => Match::Yes,
            _ => Match::Ask,
        }
    }
}

/// Whether two sizes are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    No,
    /// Only Rust's compiler can tell: assert it.
    Ask,
}

/// The axes of a value, without the batch.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Outermost first.
    Axes(Vec<Dim>),
    /// The tensor type of a layer of the user's.
    Of(Path, Side),
    /// Not known because of an error, which was reported.
    Unknown,
}

impl Shape {
    pub(crate) fn vector(size: Dim) -> Self {
        Self::Axes(vec![size])
    }

    pub(crate) fn is_unknown(&self) -> bool {
        match self {
            Self::Axes(axes) => axes.iter().any(|axis| matches!(axis, Dim::Unknown)),
            Self::Of(..) => false,
            Self::Unknown => true,
        }
    }

    /// How many axes, where that is known here.
    pub(crate) fn rank(&self) -> Option<usize> {
        if let Self::Axes(axes) = self { Some(axes.len()) } else { None }
    }

    /// How many scalars.
    pub(crate) fn count(&self) -> Dim {
        match self {
            Self::Axes(axes) => Dim::product(axes),
            Self::Of(layer, side) => Expression::Of(layer.clone(), Constant::Length(*side)).into(),
            Self::Unknown => Dim::Unknown,
        }
    }

    /// Its sizes, where this compiler knows the axes.
    pub(crate) fn axes(&self) -> &[Dim] {
        if let Self::Axes(axes) = self { axes } else { &[] }
    }

    /// The size of the last axis.
    pub(crate) fn width(&self) -> Dim {
        match self {
            Self::Axes(axes) => axes.last().cloned().unwrap_or(Dim::ONE),
            Self::Of(layer, side) => Expression::Of(layer.clone(), Constant::Width(*side)).into(),
            Self::Unknown => Dim::Unknown,
        }
    }

    /// How many rows of the last axis there are; one for what is not known to have more.
    pub(crate) fn rows(&self) -> Dim {
        match self {
            Self::Axes(axes) => axes.iter().rev().skip(1).fold(Dim::ONE, |rows, axis| axis.times(&rows)),
            Self::Of(..) => Dim::ONE,
            Self::Unknown => Dim::Unknown,
        }
    }

    /// The same with another last axis.
    pub(crate) fn with_width(&self, width: Dim) -> Self {
        match self {
            Self::Axes(axes) => {
                let rows = &axes[..axes.len().saturating_sub(1)];
                Self::Axes(rows.iter().cloned().chain([width]).collect())
            }
            Self::Of(..) => Self::vector(width),
            // Rows unknown: what only looks at the last axis can still be checked.
            Self::Unknown => Self::Axes(vec![Dim::Unknown, width]),
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(size) => write!(out, "{size}"),
            Self::Const(expression) => write!(out, "{expression}"),
            Self::Unknown => out.write_str("?"),
        }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let factor = |dim: &Dim| match dim {
            Dim::Const(inner) if matches!(**inner, Self::Sum(..) | Self::Difference(..)) => {
                format!("({dim})")
            }
            _ => dim.to_string(),
        };
        match self {
            Self::Path(path) => write!(out, "{path}"),
            Self::Sum(a, b) => write!(out, "{a} + {b}"),
            Self::Product(a, b) => write!(out, "{}·{}", factor(a), factor(b)),
            Self::Maximum(a, b) => write!(out, "max({a}, {b})"),
            Self::Difference(a, b) => write!(out, "{a} - {}", factor(b)),
            Self::Quotient(a, b) => write!(out, "{}/{}", factor(a), factor(b)),
            Self::Of(layer, Constant::Parameters) => write!(out, "{layer}::COUNT"),
            Self::Of(layer, Constant::Scratch) => write!(out, "{layer}::SCRATCH"),
            Self::Of(layer, Constant::Tape) => write!(out, "{layer}::TAPE"),
            Self::Of(layer, Constant::Length(side)) => write!(out, "{layer}::{side:?}::LEN"),
            Self::Of(layer, Constant::Width(side)) => write!(out, "{layer}::{side:?}::WIDTH"),
            Self::Of(layer, Constant::Rows(side)) => write!(out, "{layer}::{side:?}::ROWS"),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Axes(axes) => {
                let known = axes.iter().all(|axis| axis.known().is_some());
                let parts: Vec<String> = axes.iter().map(ToString::to_string).collect();
                match parts.as_slice() {
                    [one] => out.write_str(one),
                    _ if known => out.write_str(&parts.join("x")),
                    _ => write!(out, "({})", parts.join(", ")),
                }
            }
            Self::Of(layer, side) => write!(out, "{layer}::{side:?}"),
            Self::Unknown => out.write_str("?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Spot;
    use crate::syntax::Name;
    use proc_macro2::Span;

    #[test]
    fn arithmetic_folds_what_is_known() {
        let name = Name { text: "H".into(), spot: Spot::from(Span::call_site()) };
        let h = Dim::from(Expression::Path(Path { segments: vec![name] }));
        let shape = Shape::Axes(vec![Dim::Known(2), h.clone(), Dim::Known(3)]);
        assert_eq!(shape.count().to_string(), "2·H·3");
        assert_eq!(shape.rows().to_string(), "2·H");
        assert_eq!(shape.with_width(Dim::Known(5)).to_string(), "(2, H, 5)");
        assert_eq!(Dim::Known(2).times(&Dim::Known(3)).to_string(), "6");
        assert_eq!(h.plus(&Dim::ONE).times(&h).to_string(), "(H + 1)·H");
        assert_eq!(h.minus(&Dim::ONE).over(&Dim::Known(2)).to_string(), "(H - 1)/2");
        assert_eq!(Dim::Known(5).minus(&Dim::Known(7)).over(&Dim::Known(3)).to_string(), "0");
        assert_eq!(h.matches(&h), Match::Yes);
        assert_eq!(h.matches(&Dim::ONE), Match::Ask);
    }
}
