use graven::model;

model! { Amp < Lstm(1 -> 16, return_sequences = true), Dense(1) > }

fn main() {}
