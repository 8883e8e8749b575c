use graven::model;

model! { Amp(x: 64x1) < Gru(16, reset_befor = true), Lstm(16, reset_after = true), SimpleRnn(0) > }

fn main() {}
