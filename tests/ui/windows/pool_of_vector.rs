use graven::model;

model! { pub Net < Dense(8 -> 4), GlobalAveragePool1d > }

fn main() {}
