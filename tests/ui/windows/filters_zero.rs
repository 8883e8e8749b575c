use graven::model;

model! { pub Net(image: 28x28x1) < Conv2d(0, 3x3) > }

fn main() {}
