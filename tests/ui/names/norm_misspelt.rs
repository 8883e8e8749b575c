use graven::model;

model! { pub Net(x: 4) < BatchNormalisation, Dense(2) > }

fn main() {}
