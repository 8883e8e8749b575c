use graven::model;

model! {
    pub Net(x: 3, y: 4) -> (a, b) <
        a = Add(x, y),
        b = Dense(9 -> 2, sofmax)(x),
        c = Dnse(2)(y),
    >
}

fn main() {}
