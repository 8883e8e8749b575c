//! Arguments, read by a table: which keys there are, what each wants, what it is when not given.
//!
//! Layers, activations and initializers state their table; unknown, doubled, missing and misfit arguments are found here,
//! once for all of them.

use super::activations::{self, Activation};
use super::initializers::{self, Initializer};
use crate::diagnostic::{Errors, Spot};
use crate::suggest;
use crate::syntax::{self, Name, Size, SizeForm, Value};

/// One row of a table.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) key: &'static str,
    pub(crate) wants: Wants,
    pub(crate) default: Default,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wants {
    /// `32` or `64 -> 32`, one axis on either side.
    Units,
    /// `8x8` or `8x8 -> 10`.
    Shapes,
    /// `8x8`.
    Shape,
    /// `4`.
    Size,
    /// `1`, `-1` or `(1, 2)`.
    Axes,
    /// One of these ways to pad; without a key, any word of [`PADDINGS`] is meant for it.
    Padding(&'static [&'static str]),
    Activation,
    Initializer,
    /// `true` or `false`.
    Flag,
    /// A number between these.
    Number(f64, f64),
    /// The same, or `None`, which is infinity.
    Limit(f64, f64),
}

impl Wants {
    /// Whether it leaves all shapes as they are, so that these can still be checked after a mistake in it.
    fn is_function(self) -> bool {
        matches!(self, Self::Activation | Self::Initializer)
    }
}

pub(crate) const VALID: &str = "valid";
pub(crate) const SAME: &str = "same";
pub(crate) const CAUSAL: &str = "causal";
/// All ways to pad.
const PADDINGS: &[&str] = &[VALID, SAME, CAUSAL];

/// What an argument is when it is not given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Default {
    /// It must be given.
    Required,
    /// The reader of the table knows what to do without.
    Absent,
    Number(f64),
    Flag(bool),
}

/// What was given.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Flow(Option<Vec<Size>>, Vec<Size>),
    Axes(Vec<i64>),
    Padding(&'static str),
    Activation(Activation),
    Initializer(Initializer),
    Flag(bool),
    Number(f64),
}

/// The arguments of one call, in the order of the table.
#[derive(Debug)]
pub(crate) struct Values {
    table: &'static [Argument],
    /// What was given, and as the how manyeth argument.
    given: Vec<Option<(Given, usize)>>,
}

impl Values {
    fn get(&self, key: &str) -> Option<&Given> {
        let row = self.table.iter().position(|argument| argument.key == key)?;
        self.given.get(row)?.as_ref().map(|(given, _)| given)
    }

    /// The how manyeth of the written arguments this one is.
    pub(crate) fn place(&self, key: &str) -> Option<usize> {
        let row = self.table.iter().position(|argument| argument.key == key)?;
        self.given.get(row)?.as_ref().map(|(_, place)| *place)
    }

    fn default(&self, key: &str) -> Default {
        let row = self.table.iter().find(|argument| argument.key == key);
        row.map_or(Default::Absent, |argument| argument.default)
    }

    /// Sizes: those before the arrow, if any, and those behind.
    pub(crate) fn flow(&self, key: &str) -> Option<(Option<&[Size]>, &[Size])> {
        match self.get(key) {
            Some(Given::Flow(from, to)) => Some((from.as_deref(), to)),
            _ => None,
        }
    }

    pub(crate) fn axes(&self, key: &str) -> Option<&[i64]> {
        match self.get(key) {
            Some(Given::Axes(axes)) => Some(axes),
            _ => None,
        }
    }

    /// How to pad; `valid` if nothing is said.
    pub(crate) fn padding(&self, key: &str) -> &'static str {
        match self.get(key) {
            Some(Given::Padding(word)) => word,
            _ => VALID,
        }
    }

    pub(crate) fn activation(&self, key: &str) -> Option<&Activation> {
        match self.get(key) {
            Some(Given::Activation(activation)) => Some(activation),
            _ => None,
        }
    }

    pub(crate) fn initializer(&self, key: &str) -> Option<&Initializer> {
        match self.get(key) {
            Some(Given::Initializer(initializer)) => Some(initializer),
            _ => None,
        }
    }

    pub(crate) fn flag(&self, key: &str) -> bool {
        match (self.get(key), self.default(key)) {
            (Some(Given::Flag(flag)), _) => *flag,
            (None, Default::Flag(flag)) => flag,
            _ => false,
        }
    }

    pub(crate) fn number(&self, key: &str) -> f64 {
        match (self.get(key), self.default(key)) {
            (Some(Given::Number(number)), _) => *number,
            (None, Default::Number(number)) => number,
            _ => f64::INFINITY,
        }
    }
}

/// Whose arguments are read: its name in messages and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'a> {
    pub(crate) name: &'a str,
    pub(crate) spot: Spot,
    /// How it is written rightly.
    pub(crate) example: &'a str,
}

/// Reads what was written by the table; `None` if something is wrong with it on which shapes may hang.
pub(crate) fn read<'w>(
    owner: Owner<'_>,
    table: &'static [Argument],
    written: impl Iterator<Item = (usize, &'w syntax::Argument)>,
    errors: &mut Errors,
) -> Option<Values> {
    let before = errors.count();
    let mut lost = false;
    let mut values = Values { table, given: table.iter().map(|_| None).collect() };
    for (place, argument) in written {
        let row = match &argument.key {
            Some(key) => keyed(owner, &values, key, errors),
            None => positional(owner, &values, argument, errors),
        };
        let given = row.and_then(|row| Some((row, convert(owner, &table[row], argument, errors)?)));
        match given {
            Some((row, given)) => values.given[row] = Some((given, place)),
            None => lost |= !row.is_some_and(|row| table[row].wants.is_function()),
        }
    }
    let silent = errors.count() > before;
    for (argument, given) in table.iter().zip(&values.given) {
        let missing = given.is_none() && matches!(argument.default, Default::Required);
        lost |= missing;
        if missing && !silent {
            let message = format!("{} needs `{}`", owner.name, argument.key);
            errors.push(owner.spot, message).help(format!("write `{}`", owner.example));
        }
    }
    (!lost).then_some(values)
}

/// The row of a key, reported if there is none or it has a value already.
fn keyed(owner: Owner<'_>, values: &Values, key: &Name, errors: &mut Errors) -> Option<usize> {
    let row = values.table.iter().position(|argument| argument.key == key.text);
    match row {
        Some(row) if values.given[row].is_some() => {
            let message = format!("`{}` of {} is given twice", key.text, owner.name);
            errors.push(key.spot, message).help("remove one of the two");
            None
        }
        Some(row) => Some(row),
        None => {
            let keys = values.table.iter().map(|argument| argument.key);
            let help = match suggest::nearest(&key.text, keys.clone()) {
                Some(near) => format!("write `{near}`"),
                None => takes(owner, values.table),
            };
            errors.push(key.spot, format!("{} has no argument `{}`", owner.name, key.text)).help(help);
            None
        }
    }
}

/// The first free row that such a value fits.
fn positional(
    owner: Owner<'_>,
    values: &Values,
    argument: &syntax::Argument,
    errors: &mut Errors,
) -> Option<usize> {
    let fitting = |row: &usize| fits(values.table[*row].wants, &argument.value);
    let rows: Vec<usize> = (0..values.table.len()).filter(fitting).collect();
    if let Some(free) = rows.iter().find(|row| values.given[**row].is_none()) {
        return Some(*free);
    }
    let value = &argument.value;
    match rows.first() {
        Some(row) => {
            let message = format!("{} has its `{}` already", owner.name, values.table[*row].key);
            errors.push(argument.spot, message).help(format!("remove `{value}`"));
        }
        None => {
            let message = format!("{} has no place for `{value}`", owner.name);
            errors.push(argument.spot, message).help(takes(owner, values.table));
        }
    }
    None
}

fn takes(owner: Owner<'_>, table: &[Argument]) -> String {
    match table {
        [] => format!("write `{}` without arguments", owner.name),
        [one] => format!("give it `{}`, which is all that it takes", one.key),
        _ => format!("give it {}", suggest::list(table.iter().map(|argument| argument.key))),
    }
}

/// Whether a value without a key may be meant for such an argument.
fn fits(wants: Wants, value: &Value) -> bool {
    let truth = |name: &Name| matches!(name.text.as_str(), "true" | "false");
    match (wants, value) {
        (Wants::Units | Wants::Shapes | Wants::Shape | Wants::Size, value) => {
            !matches!(value, Value::Word(..))
        }
        (Wants::Axes, Value::Number(..) | Value::Shape(_)) => true,
        (Wants::Padding(_), Value::Word(name, _)) => PADDINGS.contains(&name.text.as_str()),
        (Wants::Activation | Wants::Initializer, Value::Word(name, _)) => !truth(name) && name.text != "None",
        (Wants::Flag, Value::Word(name, _)) => truth(name),
        (Wants::Limit(..), Value::Word(name, _)) => name.text == "None",
        (Wants::Number(..) | Wants::Limit(..), Value::Number(..)) => true,
        (Wants::Number(..) | Wants::Limit(..), Value::Shape(axes)) => axes.len() == 1,
        _ => false,
    }
}

fn convert(
    owner: Owner<'_>,
    row: &Argument,
    argument: &syntax::Argument,
    errors: &mut Errors,
) -> Option<Given> {
    let spot = argument.spot;
    let given = match (row.wants, &argument.value) {
        (Wants::Activation, Value::Word(name, arguments)) => {
            return activations::read(name, arguments, errors).map(Given::Activation);
        }
        (Wants::Initializer, Value::Word(name, arguments)) => {
            return initializers::read(name, arguments, errors).map(Given::Initializer);
        }
        (Wants::Units | Wants::Shapes | Wants::Shape | Wants::Size, value) => flow(row.wants, value),
        (Wants::Axes, value) => axes(value).map(Given::Axes),
        (Wants::Padding(words), Value::Word(name, arguments)) if arguments.is_empty() => {
            words.iter().find(|word| **word == name.text).map(|word| Given::Padding(word))
        }
        (Wants::Flag, Value::Word(name, _)) => name.text.parse().ok().map(Given::Flag),
        (Wants::Limit(..), Value::Word(name, _)) if name.text == "None" => Some(Given::Number(f64::INFINITY)),
        (Wants::Number(min, max) | Wants::Limit(min, max), value) => {
            number(value).filter(|number| (min..=max).contains(number)).map(Given::Number)
        }
        _ => None,
    };
    if given.is_none() {
        let message = format!(
            "`{}` of {} is {}, found `{}`",
            row.key,
            owner.name,
            described(row.wants),
            argument.value
        );
        let help = match row.wants {
            Wants::Flag => format!("write `{0} = true` or `{0} = false`", row.key),
            Wants::Padding(_) => format!("write `{} = {SAME}`, or leave it out", row.key),
            _ => format!("write it as in `{}`", owner.example),
        };
        errors.push(spot, message).help(help);
    }
    given
}

fn flow(wants: Wants, value: &Value) -> Option<Given> {
    let single = matches!(wants, Wants::Units | Wants::Size);
    let (from, to) = match value {
        Value::Shape(to) => (None, to),
        Value::Flow(from, to) if matches!(wants, Wants::Units | Wants::Shapes) => (Some(from), to),
        _ => return None,
    };
    let fits = |axes: &Vec<Size>| if single { axes.len() == 1 } else { !axes.is_empty() };
    (fits(to) && from.is_none_or(fits)).then(|| Given::Flow(from.cloned(), to.clone()))
}

fn axes(value: &Value) -> Option<Vec<i64>> {
    let whole = |size: &Size| match &size.form {
        SizeForm::Integer(size) => i64::try_from(*size).ok(),
        _ => None,
    };
    match value {
        Value::Number(number, _) => (number.fract() == 0.0).then(|| vec![*number as i64]),
        Value::Shape(sizes) => sizes.iter().map(whole).collect(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number, _) => Some(*number),
        Value::Shape(axes) => match axes.as_slice() {
            [Size { form: SizeForm::Integer(size), .. }] => Some(*size as f64),
            _ => None,
        },
        _ => None,
    }
}

fn described(wants: Wants) -> String {
    let range = |min: f64, max: f64| match (min == f64::NEG_INFINITY, max == f64::INFINITY) {
        (true, true) => "a number".to_owned(),
        (false, true) => format!("a number of at least {min}"),
        (true, false) => format!("a number of at most {max}"),
        (false, false) => format!("a number from {min} to {max}"),
    };
    match wants {
        Wants::Units | Wants::Size => "one whole number or a constant".into(),
        Wants::Shapes | Wants::Shape => "a shape".into(),
        Wants::Axes => "a number of an axis, or two".into(),
        Wants::Padding(words) => suggest::list(words.iter().copied()),
        Wants::Activation => "an activation".into(),
        Wants::Initializer => "an initializer".into(),
        Wants::Flag => "`true` or `false`".into(),
        Wants::Number(min, max) => range(min, max),
        Wants::Limit(min, max) => format!("{} or `None`", range(min, max)),
    }
}
