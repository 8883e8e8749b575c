use graven::model;

model! { Head < Dense(4 -> 6) > }
model! { Tower(x: 4) < Head, Lstm(3) > }

fn main() {}
