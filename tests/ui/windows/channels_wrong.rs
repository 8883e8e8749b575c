use graven::model;

model! { pub Net(image: 28x28x1) < Conv2d(6, 5x5, relu), Conv2d(8 -> 16, 5x5, relu) > }

fn main() {}
