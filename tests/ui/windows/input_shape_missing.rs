use graven::model;

model! { pub Net < Conv2d(1 -> 6, 5x5, relu), Flatten, Dense(10) > }

fn main() {}
