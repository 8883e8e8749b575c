use graven::model;

model! { pub Net(x: 4x4x3) < BatchNorm(axis = 1), Flatten, Dense(2) > }

fn main() {}
